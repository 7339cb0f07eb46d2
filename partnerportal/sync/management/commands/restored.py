"""`restored [--at-start]`: after a backup was restored, let its database send again. For the owner's role."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from partnerportal.audit.checkpoint_store import Unreadable
from partnerportal.audit.context import Context, command_actor
from partnerportal.sync import restoring


class Command(BaseCommand):
    help = (
        "Say that this database, restored from a backup, is the newest one. Does nothing where it is. "
        "What the lost hours may have sent is looked for before it is sent."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--at-start",
            action="store_true",
            help="before services start: takes up a restored backup, else only says what is wrong",
        )

    def handle(self, *_: Any, **options: Any) -> None:
        at_start = options["at_start"]
        context = Context(actor=command_actor("restored"), origin="command")
        try:
            done = restoring.take_up(context, at_start=at_start)
        except (restoring.Refused, Unreadable) as error:
            text = f"The checkpoint can't be used: {error}." if isinstance(error, Unreadable) else str(error)
            if not at_start:
                raise CommandError(text) from error
            self.stderr.write(text)  # the services start, send nothing, and say so on every page
            return
        for line in restoring.summary(done) if done else ["This is the newest database. Nothing to do."]:
            self.stdout.write(line)
