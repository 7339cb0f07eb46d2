"""The door of files out: ask for one, write it, hand it out. Imports its siblings, jobs and the audit.

Which rows: said by whoever knows the lists (`choose`, from the console), in the asker's scope of the moment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from partnerportal.audit import entries
from partnerportal.audit.context import Context
from partnerportal.jobs.models import Job
from partnerportal.kernel import correlation
from partnerportal.records.exports import storage
from partnerportal.records.exports.columns import Told, Value, columns_of
from partnerportal.records.exports.tables import TooManyRows, write_csv, write_xlsx
from partnerportal.records.imports.turn import turn
from partnerportal.records.models import Export, Mirror

CHUNK = 2000
TOO_MANY_ROWS = "too_many_rows"
PROBLEMS = {TOO_MANY_ROWS: "A sheet holds 1,048,575 rows. Export it as CSV."}
IN_CLEAR = ("accounts.reveal_phi", "accounts.export_full")
Choose = Callable[[Export], Any]  # the rows of an export as a QuerySet, scoped to who asked
Columns = Callable[[str, str], Sequence[Told]]  # of a noun, in a shape


@dataclass(frozen=True)
class Wanted:
    """What a person chose. `asked`: {"query": {…}} or {"ids": […]}. `total`: how many, as was shown."""

    noun: str
    plural: str
    shape: str
    form: str
    masked: bool
    asked: dict[str, Any]
    total: int
    enterprise: int | None = None


def may_see_clear(user: Any) -> bool:
    """An operator sees birth dates and contacts on every page; others need the full export by grant."""
    return any(user.has_perm(name) for name in IN_CLEAR)


def begin(context: Context, staff_id: int, wanted: Wanted) -> Export:
    """The rows of an export yet to be written, and the entry; the caller has it written."""
    with transaction.atomic():
        job = Job.objects.create(
            kind=Job.Kind.EXPORT,
            label=f"Export {wanted.plural}",
            enterprise_id=wanted.enterprise,
            actor=context.actor,
            staff_id=staff_id,
            total=wanted.total,
            correlation_id=correlation.current(),
        )
        export = Export.objects.create(
            job=job,
            noun=wanted.noun,
            shape=wanted.shape,
            form=wanted.form,
            masked=wanted.masked,
            asked=wanted.asked,
        )
        about = context.about(record=export.record_name, enterprise=wanted.enterprise)
        entries.write("export_asked", about, {**_said(export), "asked": wanted.asked})
    return export


def write(pk: int, choose: Choose, columns: Columns = columns_of) -> None:
    """Write the file, from its beginning; nothing where it is written, or another worker is at it."""
    with turn(pk) as mine:
        export = Export.objects.select_related("job").filter(pk=pk, written_at=None, gone_at=None).first()
        if not mine or export is None or export.job.state != Job.State.RUNNING:
            return
        export.pieces.all().delete()
        try:
            _write(export, choose(export), columns(export.noun, export.shape))
        except TooManyRows:
            export.pieces.all().delete()
            _end(export, Job.State.FAILED, problem=TOO_MANY_ROWS)


def _write(export: Export, chosen: Any, columns: Sequence[Told]) -> None:
    out, run = storage.PieceWriter(export), _Run(export)
    headings = [column.heading for column in columns]
    rows = ([column.value(row, export.masked) for column in columns] for row in run.rows(chosen))
    (write_xlsx if export.form == Export.Form.XLSX else write_csv)(out, headings, rows)
    out.close()
    export.size, export.enterprises = out.size, sorted(run.enterprises)
    _end(export, Job.State.DONE)


class _Run:
    """Reads the rows by primary key, a chunk in memory at a time, and says how far it is."""

    def __init__(self, export: Export) -> None:
        self._job = export.job
        self._job.done = 0
        self.enterprises: set[int] = set()

    def rows(self, chosen: Any) -> Iterator[Mirror]:
        after = 0
        while chunk := list(chosen.filter(pk__gt=after).order_by("pk")[:CHUNK]):
            for row in chunk:
                self.enterprises.add(row.enterprise_pk)
                yield row
            after = chunk[-1].pk
            self._job.done += len(chunk)
            self._job.total = max(self._job.total, self._job.done)
            self._job.save(update_fields=["done", "total", "heartbeat_at"])


def _end(export: Export, state: Job.State, problem: str = "") -> None:
    with transaction.atomic():
        export.written_at = timezone.now()
        export.save(update_fields=["written_at", "size", "enterprises"])
        job = export.job
        job.state, job.finished_at = state, timezone.now()
        if state == Job.State.DONE:
            job.total = job.done
        job.report = {"problem": problem} if problem else {}
        job.save()


def handed_out(context: Context, export: Export) -> Iterator[bytes]:
    """The file for a download, which is an entry before its first byte leaves."""
    about = context.about(record=export.record_name, enterprise=export.job.enterprise_id)
    entries.write("export_downloaded", about, {**_said(export), "bytes": export.size})
    return storage.content(export)


def dropped(context: Context, export: Export) -> None:
    """A person has no more use for it: the file goes now."""
    about = context.about(record=export.record_name, enterprise=export.job.enterprise_id)
    with transaction.atomic():
        if storage.drop(export):
            entries.write("export_dropped", about)


def _said(export: Export) -> dict[str, Value]:
    return {
        "noun": export.noun,
        "shape": export.shape,
        "form": export.form,
        "masked": "yes" if export.masked else "no",
    }


__all__ = ["Wanted", "begin", "dropped", "handed_out", "may_see_clear", "write"]
