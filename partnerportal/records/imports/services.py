"""The door of files in: begin, check, confirm, cancel, decide. Imports its siblings, jobs and the audit.

Small files are read while the person waits, large ones and workbooks by a worker of the queue `background`;
either way the rows of this module's calls are committed first, and a doorbell that is lost is rung again by
the sweep.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from partnerportal.audit import entries
from partnerportal.audit.context import Context
from partnerportal.jobs.models import Job
from partnerportal.kernel import correlation
from partnerportal.kernel.dispatch import ring
from partnerportal.records.imports import applying, checking, freshness, remembering, storage
from partnerportal.records.imports.catalogue import KINDS
from partnerportal.records.imports.columns import Mapping
from partnerportal.records.imports.money import placing
from partnerportal.records.imports.progress import Tell, silent
from partnerportal.records.imports.reading import ZIP, too_large
from partnerportal.records.imports.refusal import MAX_BYTES, MEGABYTE
from partnerportal.records.models import RECORDS, Enterprise, Import, ImportRow, MirrorQuerySet

QUEUE = "background"
INLINE_BYTES = 1 * MEGABYTE
INLINE_ROWS = 500


class NotReady(Exception):
    """The import is not in the state that the act needs; in the user's words."""


def begin(
    context: Context,
    *,
    kind: str,
    enterprise: Enterprise | None,
    filename: str,
    data: bytes,
    staff_id: int | None = None,
    here: bool = False,
    tell: Tell = silent,
) -> Import:
    """Store the upload and have it checked (`here`: by this process, however large).

    Raises Refusal when it is too large to be kept at all.
    """
    if len(data) > MAX_BYTES:
        raise too_large(len(data))
    with transaction.atomic():
        job = Job.objects.create(
            kind=Job.Kind.IMPORT,
            state=Job.State.DRAFT,
            label=f"Import {KINDS[kind].many}",
            enterprise_id=enterprise.pk if enterprise else None,
            actor=context.actor,
            staff_id=staff_id,
            correlation_id=correlation.current(),
        )
        file_import = Import.objects.create(
            job=job,
            kind=kind,
            enterprise=enterprise,
            filename=filename,
            size=len(data),
            digest=storage.digest(data),
            layout={"workbook": data.startswith(ZIP)},
        )
        storage.store(file_import, data)
        _entry("file_uploaded", context, file_import, {"kind": kind, "bytes": len(data)})
    return _checked(file_import, here, tell)


def _checked(file_import: Import, here: bool = False, tell: Tell = silent) -> Import:
    if here or (file_import.size <= INLINE_BYTES and not _is_workbook(file_import)):
        checking.check(file_import.pk, tell)
        file_import = Import.objects.select_related("job", "enterprise").get(pk=file_import.pk)
    else:
        ring("partnerportal.records.tasks.check_import", file_import.pk, queue=QUEUE)
    return file_import


def _is_workbook(file_import: Import) -> bool:
    """A workbook is never read in a web request: what it costs is not known before."""
    return bool(file_import.layout.get("workbook"))


def choose_columns(
    context: Context, file_import: Import, mapping: Mapping, *, remember: Sequence[str] = ()
) -> Import:
    """Say by hand which column is which, and check again. Raises NotReady.

    `remember`: the file's headings, where its enterprise's next file is to be read alike.
    """
    with transaction.atomic():
        locked = _locked(file_import, Import.State.CHECKED, Import.State.REFUSED)
        locked.layout = {**locked.layout, "chosen": mapping}
        freshness.check_again(locked)
        if remember and locked.enterprise:
            kind = KINDS[locked.kind]
            remembering.remember(locked.enterprise, kind, remember, mapping, context.actor)
        _entry("import_columns_chosen", context, locked, {"remembered": bool(remember and locked.enterprise)})
    return _checked(locked)


def choose_names(
    context: Context, file_import: Import, said: placing.Said, *, spread: bool | None = None
) -> Import:
    """Say what names in the file mean, for this file and the enterprise's next ones, and check again.

    `spread`: payments that name no claim pay the oldest open invoices, or stay credit. Raises NotReady.
    """
    with transaction.atomic():
        locked = _locked(file_import, Import.State.CHECKED)
        if locked.enterprise is None or not KINDS[locked.kind].is_money:
            raise NotReady("This file has no names to place.")
        count = placing.remember(locked.enterprise, said, context.actor)
        if spread is not None:
            locked.layout = {**locked.layout, "options": {"spread": spread}}
        freshness.check_again(locked)
        _entry("import_names_chosen", context, locked, {"names": count})
    return _checked(locked)


def leave_empty(context: Context, file_import: Import, name: str, reason: str, *, leave: bool) -> Import:
    """Leave the cells of a column that are refused for a reason empty, or refuse them again; checked again.

    Raises NotReady.
    """
    with transaction.atomic():
        locked = _locked(file_import, Import.State.CHECKED)
        said = locked.layout.get("leave_empty", [])
        known = (
            {(n, r) for n, r, _ in locked.layout.get("offers", [])} if leave else {(n, r) for n, r in said}
        )
        if (name, reason) not in known or not KINDS[locked.kind].may_be_empty(name):
            raise NotReady("No row stays out for this any more.")
        others = [[n, r] for n, r in said if (n, r) != (name, reason)]
        locked.layout = {**locked.layout, "leave_empty": [*others, *([[name, reason]] if leave else [])]}
        freshness.check_again(locked)
        _entry("import_cells_emptied", context, locked, {"column": name, "reason": reason, "left": leave})
    return _checked(locked)


def decide(context: Context, file_import: Import, line: int, decision: str) -> None:
    """Whether a row that is maybe already here is the same, or someone else ("" takes it back)."""
    if decision not in {"", *ImportRow.Decision.values}:
        raise NotReady("That is no decision.")
    with transaction.atomic():
        locked = _locked(file_import, Import.State.CHECKED)
        row = locked.rows.filter(line=line, word=ImportRow.Word.MAYBE).first()
        if row is None:
            raise NotReady("There is no such row to decide.")
        row.decision = decision
        row.save(update_fields=["decision"])
        _entry("import_row_decided", context, locked, {"line": line, "decision": decision})


def confirm(context: Context, file_import: Import, *, here: bool = False, tell: Tell = silent) -> Import:
    """Import the good rows: now for a small file (or `here`), else by a worker. Raises NotReady.

    Where records changed since the check it is checked again, and goes in only with the numbers shown before.
    """
    with transaction.atomic():
        locked = _locked(file_import, Import.State.CHECKED)
        shown, fresh = _numbers(locked), freshness.holds(locked)
        if fresh:
            _start(context, locked)
        else:
            freshness.check_again(locked)
            _entry("import_checked_again", context, locked)
    if not fresh:
        found = _checked(locked, here, tell)
        if found.state != Import.State.CHECKED or _numbers(found) != shown:
            done = "was" if found.state == Import.State.CHECKED else "is being"
            raise NotReady(f"Records changed since this file was checked, so it {done} checked again.")
        with transaction.atomic():
            locked = _locked(file_import, Import.State.CHECKED)
            _start(context, locked)
    if here or (locked.job.total <= INLINE_ROWS and not _is_workbook(locked)):
        applying.apply(locked.pk, tell)
    else:
        ring("partnerportal.records.tasks.apply_import", locked.pk, queue=QUEUE)
    return Import.objects.select_related("job", "enterprise").get(pk=locked.pk)


def _start(context: Context, locked: Import) -> None:
    locked.state = Import.State.IMPORTING
    locked.save(update_fields=["state"])
    locked.job.state, locked.job.done = Job.State.RUNNING, 0
    locked.job.save()
    _entry("import_confirmed", context, locked, {"rows": locked.job.total})


def _numbers(file_import: Import) -> tuple[object, object]:
    """What a person saw before saying yes."""
    return file_import.facts.get("counts"), file_import.facts.get("totals")


def cancel(context: Context, file_import: Import) -> None:
    """Nothing of the file goes in, and the file goes. Raises NotReady."""
    with transaction.atomic():
        locked = _locked(file_import, Import.State.CHECKED, Import.State.REFUSED, Import.State.CHECKING)
        locked.state = Import.State.CANCELLED
        locked.save(update_fields=["state"])
        locked.job.state, locked.job.finished_at = Job.State.CANCELLED, timezone.now()
        locked.job.save()
        storage.drop(locked)
        _entry("import_cancelled", context, locked)


def imported(file_import: Import, noun: str = "") -> MirrorQuerySet:
    """The records of a noun (its kind's own) that an import made or changed: what is pushed after it."""
    noun = noun or KINDS[file_import.kind].noun
    rows = file_import.records.filter(noun=noun)
    known: MirrorQuerySet = RECORDS[noun].objects.filter(pk__in=rows.values("record_id"))
    return known


def _locked(file_import: Import, *states: Import.State) -> Import:
    locked = (
        Import.objects.select_for_update(of=("self",))
        .select_related("job", "enterprise")
        .get(pk=file_import.pk)
    )
    if locked.state not in states:
        raise NotReady(f"This import is {locked.get_state_display().lower()} by now.")
    return locked


def _entry(
    action: str, context: Context, file_import: Import, detail: dict[str, object] | None = None
) -> None:
    about = context.about(record=file_import.record_name, enterprise=file_import.enterprise_id)
    entries.write(action, about, detail)
