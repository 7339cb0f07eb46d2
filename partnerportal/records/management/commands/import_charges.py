"""`import_charges FILE --enterprise NAME_OR_ID [--dry-run]`: charges, payments, or opening balances."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from partnerportal.records.finding import find_enterprise
from partnerportal.records.imports.command import FileCommand, existing_file
from partnerportal.records.imports.money.telling import kind_of
from partnerportal.records.imports.refusal import Refusal

KINDS = {"charges": "charges", "payments": "payments", "opening-balances": "opening_balances"}


class Command(FileCommand):
    help = "Import an enterprise's charges and payments from a file. Exit status 0 only when every row is in."
    name = "import_charges"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=existing_file, help="a CSV, TSV or XLSX file")
        parser.add_argument("--enterprise", required=True, help="E-12, IH:669 or its exact name")
        parser.add_argument("--kind", choices=sorted(KINDS), help="what it holds; its columns tell it else")
        parser.add_argument("--dry-run", action="store_true", help="check and tell, import nothing")

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            enterprise = find_enterprise(options["enterprise"])
        except LookupError as error:
            raise CommandError(str(error)) from error
        kind = KINDS[options["kind"]] if options["kind"] else self._kind(options["file"])
        self.bring(kind, options["file"], enterprise, dry_run=options["dry_run"])

    @staticmethod
    def _kind(path: Path) -> str:
        try:
            return kind_of(path.read_bytes()).name
        except (Refusal, OSError) as error:
            raise CommandError(str(error)) from error
