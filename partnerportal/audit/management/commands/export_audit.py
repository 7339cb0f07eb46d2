"""`export_audit`: the exchanges as JSON lines or CSV on standard output. Imports audit only.

Masked by default. `--full` is the wire: it needs `--as` someone who may, and is itself an entry.
"""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import datetime, time
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from partnerportal.audit import entries, reading
from partnerportal.audit.context import Context, command_actor, user_actor
from partnerportal.audit.export import Export
from partnerportal.audit.models import Exchange
from partnerportal.kernel.numbers import counted

FORMATS = ("jsonl", "csv")


class Command(BaseCommand):
    help = "Write the audited exchanges to standard output, oldest first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--since", metavar="T", help="2026-11-24 or 2026-11-24T14:31:07-05:00")
        parser.add_argument("--format", metavar="jsonl|csv", default="jsonl")
        parser.add_argument("--full", action="store_true", help="unmasked, exactly what was sent; needs --as")
        parser.add_argument("--as", dest="staff", metavar="STAFF", help="who asks for --full")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["format"] not in FORMATS:
            raise CommandError(f"--format is {' or '.join(FORMATS)}")
        try:
            export, actor = _export(options)
            _record(actor, options)
            for line in export.lines(options["format"]):
                self.stdout.write(line)
            self.stdout.flush()
        except BrokenPipeError as error:
            raise CommandError("the reader went away before all rows were written") from error
        except OSError as error:
            raise CommandError(f"not all rows could be written: {error.strerror}") from error
        except DatabaseError as error:
            raise CommandError(f"the database can't be read ({type(error).__name__})") from error
        if export.unreadable:
            count, first = counted(len(export.unreadable), "row"), export.unreadable[0]
            raise CommandError(
                f"{count} could not be decrypted, the first is X-{first}: a key is missing from the settings"
            )


def _export(options: dict[str, Any]) -> tuple[Export, str]:
    since = _instant(options["since"]) if options["since"] else None
    if not options["full"]:
        return Export(Exchange.objects.all(), since=since), command_actor("export_audit")
    staff = _staff(options["staff"])
    return Export(reading.visible_exchanges(staff), full=True, since=since), user_actor(staff.username)


def _staff(name: str | None) -> Any:
    """The person behind --as; refused without the permission. Raises CommandError."""
    if not name:
        raise CommandError("--full shows people's data: say who asks, with --as STAFF")
    staff = get_user_model().objects.filter(username=name).first()
    if staff is None:
        raise CommandError(f"nobody here is called {name}")
    if not staff.has_perm("accounts.export_full"):
        raise CommandError(f"{name} may not export the audit log unmasked (accounts.export_full)")
    return staff


def _record(actor: str, options: dict[str, Any]) -> None:
    """The export is itself recorded, before its first line is written."""
    action = "audit_exported_full" if options["full"] else "audit_exported"
    detail = {"since": options["since"], "format": options["format"], "by": "command:export_audit"}
    entries.write(action, Context(actor=actor, origin="command"), detail)


def _instant(text: str) -> datetime:
    """A date begins at midnight; a time without a zone is in the portal's. Raises CommandError."""
    try:
        day = parse_date(text)
        found = datetime.combine(day, time()) if day else parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        raise CommandError(f"--since {text} is no time. One that works: 2026-11-24T14:31:07-05:00")
    return found if timezone.is_aware(found) else timezone.make_aware(found)
