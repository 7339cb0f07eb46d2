"""`pull [--full] [--enterprise NAME_OR_ID] [--wait]`: read what is at Inbox Health, on the service key."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from partnerportal.accounts.gateway import NoKey
from partnerportal.audit.context import Context, command_actor
from partnerportal.jobs.models import Job
from partnerportal.records.finding import find_enterprise
from partnerportal.sync import pulling, services

REST = 0.2  # seconds between two looks while another worker reads


class Command(BaseCommand):
    help = "Read what is new there, or everything. Exit status 0 only when all of it was read."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--full", action="store_true", help="everything, not only what is new")
        parser.add_argument("--enterprise", default="", help="E-12, IH:669 or its exact name; all without it")
        parser.add_argument("--wait", action="store_true", help="until all is read, reading it from here")

    def handle(self, *_: Any, **options: Any) -> None:
        context = Context(actor=command_actor("pull"), origin="command")
        try:
            named = options["enterprise"]
            enterprise = find_enterprise(named) if named else None
            pull = services.request_pull(context, full=options["full"], enterprise=enterprise)
        except NoKey as error:
            raise CommandError("There is no service key: connect one in Account Settings.") from error
        except LookupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{pull.job.short_id}: {pull.job.label}")
        if options["wait"]:
            self._wait(pull.job)

    def _wait(self, job: Job) -> None:
        while job.state == Job.State.RUNNING:
            pulling.drive(5.0)
            job.refresh_from_db()
            if job.state == Job.State.RUNNING:
                time.sleep(REST)
        report = job.report
        if job.state != Job.State.DONE or report.get("lists_not_read") or report.get("not_read"):
            raise CommandError("Not all was read. The page Differences says what, and why.")
        self.stdout.write(
            f"{report.get('read', 0):,} records read, {report.get('changed', 0):,} changed here."
        )
