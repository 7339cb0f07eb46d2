"""Changes on both sides, merged attribute by attribute. Imports records and the audit.

`merge` is the pure core; `take` applies a record as it was read there, under the row's lock. What changed on
one side only merges by itself; on both sides to different values it is a conflict, left to a person. An edit
here is never overwritten by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from partnerportal.audit import entries
from partnerportal.audit.context import Context
from partnerportal.records import apply, columns
from partnerportal.records.models import Difference, Mirror
from partnerportal.records.wire.canonical import Canonical


class Verdict(StrEnum):
    """What became of a record that was read."""

    TAKEN = "taken"  # typed columns changed
    UNCHANGED = "unchanged"  # nothing that staff see is different
    CONFLICT = "conflict"  # at least one attribute waits for a person
    STALE = "stale"  # older than what is known: ignored
    UNDECIDED = "undecided"  # neither newer nor older by its time, yet different: read it by id


@dataclass(frozen=True)
class Merge:
    """By attribute. `theirs`: changed there alone, with that value; `same`: changed alike on both sides."""

    theirs: dict[str, Canonical] = field(default_factory=dict)
    same: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Taken:
    """`changed`: attributes taken into our columns; `refused`: those there that our columns can't hold."""

    verdict: Verdict
    changed: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()

    @property
    def undecided(self) -> bool:
        return self.verdict is Verdict.UNDECIDED


def merge(row: Any, remote: Mapping[str, Any]) -> Merge:
    """What a record as it stands there means for ours. Pure: the row is not touched.

    Changed there: its value is not what was last answered to us. Changed here: ours is not what was sent.
    What an earlier request of ours says there, after a newer one was accepted, is nobody's edit: a conflict.
    """
    ack, ours, dirty = row.acknowledged or {}, row.wire.values(row), set(row.wire.dirty(row))
    theirs, same, conflicts = {}, [], []
    late = set(row.wire.landed_late(row, remote))
    for attribute in row.wire.sendable(row):
        name = attribute.name
        if name not in remote or name not in ack or attribute.create_only:
            continue
        there = attribute.form(remote[name])
        if there == attribute.form(ack[name].get("answered")):
            continue
        if ours[name] == there:
            same.append(name)
        elif name in dirty or name in late:
            conflicts.append(name)
        else:
            theirs[name] = there
    return Merge(theirs, tuple(same), tuple(conflicts))


def take(
    row: Mirror,
    answer: Mapping[str, Any],
    context: Context | None = None,
    *,
    began: datetime | None = None,
) -> Taken:
    """Apply a record as it was read there. The caller holds the row's lock and a transaction.

    `began`: when the reading began, on the database's clock: it decides where the record's own `updated_at`
    does not. Raises apply.AlreadyLinked.
    """
    order = _order(row, answer, began)
    if order is not None:
        return Taken(order)
    found = merge(row, answer)
    was = {name: columns.current(row, name) for name in found.theirs}
    changed, refused = _into_columns(row, found.theirs)
    apply.receive(row, answer)
    known = row.acknowledged or {}
    merged = {n: {"sent": answer.get(n), "answered": answer.get(n)} for n in (*changed, *found.same)}
    known = row.wire.seen(known, {n: answer[n] for n in found.same})
    row.acknowledged = {**known, **{n: {**known.get(n, {}), **values} for n, values in merged.items()}}
    if changed:
        row.version += 1
    known = set(row.conflicts)
    row.save()
    _note(row, refused)
    torn = sorted(set(row.conflicts) - known)
    if torn:
        entries.write(f"{row.noun}_conflict_found", _about(context or Context(), row), {"fields": torn})
    if changed:
        detail = {"taken": {n: _values(row, n, was[n], answer.get(n)) for n in changed}}
        entries.write(f"{row.noun}_merged", _about(context or Context(), row), detail)
    return Taken(_verdict(row, changed), tuple(changed), tuple(row.conflicts), tuple(refused))


def _order(row: Mirror, answer: Mapping[str, Any], began: datetime | None) -> Verdict | None:
    """Why the answer can't be taken, or None where it is the newest that is known. Design: newest wins."""
    theirs, known = apply.instant(answer.get("updated_at")), row.remote_updated_at
    if row.remote is None or known is None or (theirs is not None and theirs > known):
        return None
    if theirs is not None and theirs < known:
        return Verdict.STALE
    if not _differs(row, answer):
        return None  # the same moment and the same values
    read = row.remote_read_at
    if began is None or (read is not None and began <= read):
        return Verdict.UNDECIDED
    return None


def _differs(row: Mirror, answer: Mapping[str, Any]) -> bool:
    known = row.remote or {}
    return any(
        a.form(answer[a.name]) != a.form(known.get(a.name)) for a in row.wire.attributes if a.name in answer
    )


def _into_columns(row: Mirror, values: Mapping[str, Canonical]) -> tuple[list[str], list[str]]:
    changed: list[str] = []
    refused: list[str] = []
    for name, value in values.items():
        (changed if columns.put(row, name, value) else refused).append(name)
    return changed, refused


def _note(row: Mirror, refused: list[str]) -> None:
    """Keep what could not be taken, or forget that there was something."""
    mine = Difference.objects.filter(noun=row.noun, record_id=row.pk)
    if not refused:
        mine.delete()
        return
    known, _ = mine.get_or_create(
        noun=row.noun, record_id=row.pk, defaults={"enterprise_id": row.enterprise_pk}
    )
    mine.filter(pk=known.pk).update(attributes=sorted(refused))


def _verdict(row: Mirror, changed: list[str]) -> Verdict:
    if row.conflicts:
        return Verdict.CONFLICT
    return Verdict.TAKEN if changed else Verdict.UNCHANGED


def _values(row: Mirror, name: str, was: Canonical, now: Any) -> Any:
    """What the entry says of one attribute; of a secret one only that it changed."""
    return {} if row.wire.attribute(name).secret else {"was": was, "now": now}


def _about(context: Context, row: Any) -> Context:
    return context.about(record=row.record_name, enterprise=row.enterprise_pk, patient=row.person_pk)
