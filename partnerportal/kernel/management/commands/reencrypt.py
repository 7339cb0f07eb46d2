"""`manage.py reencrypt`: everything under the first encryption key. Calls kernel.reencrypting only."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError

from partnerportal.kernel.reencrypting import Moved, reencrypt


class Command(BaseCommand):
    help = (
        "Encrypt every value anew with the first of FIELD_ENCRYPTION_KEYS. Can be interrupted and run again."
        " When it ends with status 0, the other keys are not needed any more."
    )

    def handle(self, *_: object, **__: object) -> None:
        tables = [self._tell(table) for table in reencrypt()]
        lost = sum(table.unreadable for table in tables)
        if lost:
            raise CommandError(
                f"{lost} values can't be read with any key in FIELD_ENCRYPTION_KEYS. "
                "Add the key that wrote them and run this again. Remove no key."
            )
        self.stdout.write("Everything is encrypted with the first key. The other keys can be removed.")

    def _tell(self, table: Moved) -> Moved:
        self.stdout.write(f"{table.table}: {table.moved} moved, {table.unreadable} can't be read")
        return table
