"""Undo: takes an import back while nothing of it was sent and nobody worked on its records. Imports models.

Made records are deleted, changed ones get their values back; all or nothing, in one transaction.
"""

from __future__ import annotations

import pghistory
from django.db import transaction
from django.db.models import ProtectedError, Q, QuerySet
from django.utils import timezone

from partnerportal.audit import entries
from partnerportal.audit.context import Context
from partnerportal.kernel.numbers import counted
from partnerportal.records import locks
from partnerportal.records.imports import freshness, writing
from partnerportal.records.imports.kinds import Values
from partnerportal.records.imports.values import from_json, put
from partnerportal.records.ledger import reckon_all
from partnerportal.records.models import (
    MONEY,
    RECORDS,
    Import,
    ImportedRecord,
    Mirror,
    MirrorQuerySet,
)

ImportedRows = QuerySet[ImportedRecord]
_CHUNK = 1000
_ORDER = tuple(reversed(RECORDS))  # children first


class CannotUndo(Exception):
    """Why the import stays; in the user's words."""


def hindrance(file_import: Import) -> str:
    """Why an undo is refused; "" where it is possible."""
    if file_import.state != Import.State.DONE:
        return "Only an import that is in can be undone."
    if not file_import.records.exists():
        return "Nothing of it is here: there is nothing to undo."
    by_noun = _by_noun(file_import)
    sent = sum(_sent(known, made).count() for known, made in by_noun)
    if sent:
        return f"{counted(sent, 'record')} of it went to Inbox Health, or are on the way there."
    touched = sum(_touched(known, rows) for known, rows in by_noun)
    return f"{counted(touched, 'record')} of it changed since; an undo would lose that." if touched else ""


def undo(file_import: Import, context: Context) -> int:
    """How many records went back. Raises CannotUndo."""
    why_history = {"actor": context.actor, "cause": file_import.record_name}
    with transaction.atomic(), pghistory.context(**why_history):
        locked = Import.objects.select_for_update(no_key=True).get(pk=file_import.pk)
        people = _accounts(locked)
        _hold(locked, people)
        why = hindrance(locked)
        if why:
            raise CannotUndo(why)
        total = locked.records.count()
        _take_back(locked)
        reckon_all(people)
        locked.state, locked.undone_at = Import.State.UNDONE, timezone.now()
        locked.save(update_fields=["state", "undone_at"])
        entries.write("import_undone", context.about(record=locked.record_name), {"records": total})
    with transaction.atomic():
        freshness.recheck_others(locked)
    return total


def _take_back(file_import: Import) -> None:
    try:
        for noun in _ORDER:
            _restore(RECORDS[noun], file_import.records.filter(noun=noun, created=False))
            _delete(RECORDS[noun], file_import.records.filter(noun=noun, created=True))
    except ProtectedError as error:
        raise CannotUndo("Other records hang on what it brought: remove those first.") from error


def _accounts(file_import: Import) -> list[int]:
    """Whose money goes back."""
    people: set[int] = set()
    for noun, model in MONEY.items():
        rows = file_import.records.filter(noun=noun)
        if model.account_path and rows.exists():
            people.update(_records(model, rows).values_list(model.account_path, flat=True))
    return sorted(people)


def _hold(file_import: Import, people: list[int]) -> None:
    """All its records, and the accounts of those whose money goes back, in the order of records/locks."""
    known = {rows.model.wire.noun: rows for rows, _ in _by_noun(file_import)}
    for noun in locks.in_order({*known, "patient"}):
        if noun == "patient":
            patients = known.get("patient")
            locks.hold_all(
                [*people, *(patients.values_list("pk", flat=True) if patients is not None else ())]
            )
        else:
            locks.ids(known[noun])


def _by_noun(file_import: Import) -> list[tuple[MirrorQuerySet, ImportedRows]]:
    nouns = file_import.records.order_by().values_list("noun", flat=True).distinct()
    by_noun = {noun: file_import.records.filter(noun=noun) for noun in nouns}
    return [(_records(RECORDS[noun], rows), rows) for noun, rows in by_noun.items()]


def _records(model: type[Mirror], rows: ImportedRows) -> MirrorQuerySet:
    known: MirrorQuerySet = model.objects.filter(pk__in=rows.values("record_id"))
    return known


def _sent(known: MirrorQuerySet, rows: ImportedRows) -> MirrorQuerySet:
    """Made here and known there, or on its way; or changed here and accepted there since."""
    made = Q(pk__in=rows.filter(created=True).values("record_id"), remote_id__isnull=False)
    since = rows[0].file_import.applied_at
    changed = Q(pk__in=rows.filter(created=False).values("record_id"), accepted_at__gte=since)
    return known.filter(made | changed | ~Q(delivery_state=""))


def _touched(known: MirrorQuerySet, rows: ImportedRows) -> int:
    """Records whose version is not the one the import gave them, those deleted since included."""
    now = dict(known.values_list("pk", "version"))
    return sum(now.get(pk) != version for pk, version in rows.values_list("record_id", "version"))


def _restore(model: type[Mirror], rows: ImportedRows) -> None:
    before: dict[int, Values] = {row.record_id: row.was or {} for row in rows}
    pks = sorted(before)
    for start in range(0, len(pks), _CHUNK):
        records = list(model.objects.filter(pk__in=pks[start : start + _CHUNK]))
        for record in records:
            put(record, {name: from_json(model, name, was) for name, was in before[record.pk].items()})
        writing.save(records, {name for record in records for name in before[record.pk]})


def _delete(model: type[Mirror], rows: ImportedRows) -> None:
    pks = list(rows.order_by("record_id").values_list("record_id", flat=True))
    for start in range(0, len(pks), _CHUNK):
        model.objects.filter(pk__in=pks[start : start + _CHUNK]).delete()
