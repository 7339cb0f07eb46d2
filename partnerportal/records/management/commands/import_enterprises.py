"""`import_enterprises FILE [--doctors FILE] [--dry-run]`: enterprises, and their doctors, from files."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from partnerportal.records.imports.command import FileCommand, existing_file


class Command(FileCommand):
    help = "Import enterprises and their doctors from files. Exit status 0 only when every row is in."
    name = "import_enterprises"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=existing_file, help="the enterprises: a CSV, TSV or XLSX file")
        parser.add_argument(
            "--doctors", type=existing_file, help="their doctors: a file that names their enterprise"
        )
        parser.add_argument("--dry-run", action="store_true", help="check and tell, import nothing")

    def handle(self, *_: Any, **options: Any) -> None:
        self.bring("enterprises", options["file"], None, dry_run=options["dry_run"])
        if options["doctors"]:
            self.bring("doctors", options["doctors"], None, dry_run=options["dry_run"])
