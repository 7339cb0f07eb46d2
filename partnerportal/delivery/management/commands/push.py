"""`push [--enterprise NAME_OR_ID] [--wait]`: queue all that is not sent or changed, on the service key."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from partnerportal.accounts.gateway import NoKey
from partnerportal.delivery import pushing
from partnerportal.jobs.models import Job
from partnerportal.kernel.numbers import counted
from partnerportal.records.finding import find_enterprise
from partnerportal.records.models import Enterprise

LINES = 10  # plain lines that a whole wait prints at most, about


class Command(BaseCommand):
    help = "Push what is not sent yet, or changed since. Exit status 0 only when all of it is done."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--enterprise", default="", help="E-12, IH:669 or its exact name; all without it")
        parser.add_argument("--wait", action="store_true", help="until all is delivered, or sends it itself")

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            jobs = pushing.queue(self._enterprise(options["enterprise"]))
        except NoKey as error:
            raise CommandError("There is no service key: connect one in Account Settings.") from error
        for job in jobs:
            self.stdout.write(f"{job.short_id}: {job.label}")
        if not jobs:
            self.stdout.write("Nothing to push: all that can be sent is in sync.")
        elif options["wait"]:
            self._wait(jobs)
        elif not pushing.somebody_works():
            self.stdout.write("Queued. No worker is running; --wait sends from here.")

    def _enterprise(self, text: str) -> Enterprise | None:
        try:
            return find_enterprise(text) if text else None
        except LookupError as error:
            raise CommandError(str(error)) from error

    def _wait(self, jobs: list[Job]) -> None:
        self._told = -1
        try:
            pushing.see_through(jobs, self._tell)
        except pushing.Stopped as stopped:
            raise CommandError(str(stopped)) from stopped
        left = [f"{number} {state}" for state, number in pushing.left_over(jobs)]
        if left:
            raise CommandError(f"Not all was delivered: {', '.join(left)}. The batch's page says why.")
        self.stdout.write("All delivered.")

    def _tell(self, settled: int, total: int) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"\r{settled} of {total}", ending="" if settled < total else "\n")
            self.stdout.flush()
        elif self._told < 0 or settled * LINES // max(total, 1) != self._told:
            self._told = settled * LINES // max(total, 1)
            self.stdout.write(f"{counted(settled, 'delivery', 'deliveries')} of {total} settled")
