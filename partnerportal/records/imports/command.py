"""What the import commands share: check, print, import, and say what stayed out. Imports its siblings.

Progress goes to a terminal only; results to stdout, what stayed out to stderr; a plain line each.
"""

from __future__ import annotations

from argparse import ArgumentTypeError
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from partnerportal.audit.context import Context, command_actor
from partnerportal.kernel.numbers import counted
from partnerportal.records.imports import services, worth
from partnerportal.records.imports.catalogue import KINDS
from partnerportal.records.imports.money import totals
from partnerportal.records.imports.refusal import Refusal, RowProblem
from partnerportal.records.models import Enterprise, Import, ImportRow

if TYPE_CHECKING:
    from collections.abc import Iterator

WORDS = ("new", "changed", "unchanged", "not_valid", "maybe")


def existing_file(text: str) -> Path:
    """An argparse type: a file that is there."""
    path = Path(text)
    if not path.is_file():
        raise ArgumentTypeError(f"there is no file {text}")
    return path


class FileCommand(BaseCommand):
    """Raises CommandError (exit status 1) unless every row went in, or was here already."""

    name = ""  # the command's own, for the audit

    def bring(self, kind: str, path: Path, enterprise: Enterprise | None, *, dry_run: bool) -> None:
        """One file: checked, told, imported; on a dry run told and dropped."""
        context = Context(actor=command_actor(self.name), origin="command")
        checked = self._begin(context, kind, path, enterprise)
        if checked.state == Import.State.REFUSED:
            raise CommandError(checked.refusal)
        self._tell_preview(path, checked)
        left_out = self._tell_left_out(checked)
        if dry_run:
            services.cancel(context, checked)
            self.stdout.write("Nothing was imported: a dry run.")
        else:
            done = self._confirm(context, checked)
            self.stdout.write(f"{done.short_id}: {_counts(done.facts.get('result', {}), kind)}.")
            left_out = max(left_out, _left_out(done.facts.get("result", {})))
        if left_out:
            raise CommandError(f"{counted(left_out, 'row')} of {path.name} stayed out.")

    def _begin(self, context: Context, kind: str, path: Path, enterprise: Enterprise | None) -> Import:
        try:
            return services.begin(
                context,
                kind=kind,
                enterprise=enterprise,
                filename=path.name,
                data=path.read_bytes(),
                here=True,
                tell=self._progress,
            )
        except (Refusal, OSError) as error:
            raise CommandError(str(error)) from error

    def _confirm(self, context: Context, checked: Import) -> Import:
        try:
            return services.confirm(context, checked, here=True, tell=self._progress)
        except services.NotReady as why:
            raise CommandError(str(why)) from why

    def _tell_preview(self, path: Path, checked: Import) -> None:
        facts = checked.facts
        dates = f", dates {facts['dates']}" if facts["dates"] else ""
        self.stdout.write(f"{path.name}: {counted(facts['rows'], 'row')}, {facts['words']}{dates}")
        told = [*worth.repairs(facts["repaired"]), *worth.sentences(facts["worth"])]
        sums = facts.get("totals", {})
        told += [*totals.sentences(sums), *totals.worth_knowing(sums)]
        for line in (f"Preview: {_counts(facts['counts'], checked.kind)}", *told):
            self.stdout.write(line)

    def _tell_left_out(self, checked: Import) -> int:
        rows = checked.rows.filter(word__in=[ImportRow.Word.NOT_VALID, ImportRow.Word.MAYBE])
        count = 0
        for row in rows.order_by("line").iterator():
            count += 1
            for sentence in _sentences(row):
                self.stderr.write(f"line {row.line:,} · {sentence}")
        return count

    def _progress(self, done: int, total: int) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"\r{done:,} of {total:,} rows", ending="\n" if done >= total else "")
            self.stdout.flush()


def _sentences(row: ImportRow) -> Iterator[str]:
    if row.word == ImportRow.Word.MAYBE:
        yield "maybe already here, under another chart number or none · decide it on the import's page"
    for parts in row.content.get("problems", []):
        yield RowProblem(*parts).sentence()


def _counts(counts: dict[str, Any], kind: str) -> str:
    words = [f"{counts[word]:,} {word.replace('_', ' ')}" for word in WORDS if counts.get(word)]
    return f"{', '.join(words) or 'no'} {KINDS[kind].many}"


def _left_out(counts: dict[str, int]) -> int:
    return counts.get("not_valid", 0) + counts.get("maybe", 0)
