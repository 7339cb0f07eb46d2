"""`load_demo`: two onboarded enterprises at the sandbox, and the sample files ready to be imported.

They go the way everything goes, through the outbox, driven here because no worker lives yet. Run again, it
adds what is missing and sends what was not sent. Imports delivery, accounts and records.
"""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

import pghistory
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from partnerportal.accounts import keys
from partnerportal.audit import checkpoint
from partnerportal.audit.context import Context, command_actor
from partnerportal.console.demo_records import GROUPS, ensure
from partnerportal.delivery import engine, resolve, services
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.sweep import sweep
from partnerportal.kernel.environment import environment_name
from partnerportal.kernel.numbers import counted
from partnerportal.records import imports
from partnerportal.records.imports.sample.charges import charges_csv
from partnerportal.records.models import Mirror

CONTEXT = Context(actor=command_actor("load_demo"), origin="command")
SECONDS = 45.0
SAMPLE = Path(imports.__path__[0]) / "sample" / "patients.csv"


class Command(BaseCommand):
    help = "Load the demo's two enterprises and lay the sample file ready. Only beside a sandbox."

    def handle(self, *args: Any, **options: Any) -> None:
        if environment_name() != "sandbox":
            raise CommandError("Demo data goes to a sandbox only.")
        if not settings.INBOX_HEALTH_API_KEY:
            raise CommandError("INBOX_HEALTH_API_KEY is empty: set it to the sandbox's key.")
        keys.ensure_service_key(settings.INBOX_HEALTH_API_KEY, CONTEXT)
        records = self._records()
        sent = self._push([record for record in records if record.remote_id is None])
        laid = self._lay_files()
        self.stdout.write(f"{counted(sent, 'demo record')} sent; {laid} is ready to be imported.")

    def _records(self) -> list[Mirror]:
        with transaction.atomic(), pghistory.context(actor=CONTEXT.actor, cause="demo"):
            return [record for group in GROUPS for record in ensure(group)]

    def _push(self, records: list[Mirror]) -> int:
        """Queue what was never sent, drive until it is there. Raises CommandError when it is not in time."""
        for record in records:
            services.request_push(CONTEXT, record)
        until = time.monotonic() + SECONDS
        while (missing := self._not_there(records)) and time.monotonic() < until:
            if checkpoint.standing() is not None:  # restored just now: they go out when sending resumes
                return 0
            engine.drive("interactive", 5.0)
            resolve.resolve_due()
            sweep()
            time.sleep(0.05)
        if missing:
            raise CommandError(
                f"{counted(missing, 'demo record')} did not reach the sandbox: {self._reason()}."
            )
        return len(records)

    @staticmethod
    def _not_there(records: list[Mirror]) -> int:
        return sum(type(record).objects.filter(pk=record.pk, remote_id=None).exists() for record in records)

    @staticmethod
    def _reason() -> str:
        words = Delivery.objects.exclude(state=Delivery.State.DELIVERED).exclude(reason="")
        return ", ".join(sorted(set(words.values_list("reason", flat=True)[:20]))) or "no answer"

    @staticmethod
    def _lay_files() -> str:
        """DATA_DIR/patients.csv, and charges.csv for them; what someone changed stays."""
        target = Path(settings.DATA_DIR) / "patients.csv"
        charges = target.with_name("charges.csv")
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            shutil.copyfile(SAMPLE, target)
        if not charges.exists():
            charges.write_text(charges_csv(SAMPLE.read_text()))
        return str(target)
