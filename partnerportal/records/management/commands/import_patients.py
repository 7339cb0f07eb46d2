"""`import_patients FILE --enterprise NAME_OR_ID [--dry-run]`: patients from a file."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser

from partnerportal.records.finding import find_enterprise
from partnerportal.records.imports.command import FileCommand, existing_file


class Command(FileCommand):
    help = "Import an enterprise's patients from a file. Exit status 0 only when every row is in."
    name = "import_patients"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=existing_file, help="a CSV, TSV or XLSX file")
        parser.add_argument("--enterprise", required=True, help="E-12, IH:669 or its exact name")
        parser.add_argument("--dry-run", action="store_true", help="check and tell, import nothing")

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            enterprise = find_enterprise(options["enterprise"])
        except LookupError as error:
            raise CommandError(str(error)) from error
        self.bring("patients", options["file"], enterprise, dry_run=options["dry_run"])
