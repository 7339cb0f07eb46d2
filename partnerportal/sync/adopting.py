"""Bringing in what is only there: tied to ours by chart number, made from theirs, or left to a person.

Each in its own transaction. Source: design, "The mirror", matching. Imports records, delivery and audit.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from partnerportal.audit import entries
from partnerportal.audit.context import Context
from partnerportal.delivery import locks
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.waiting import release_children
from partnerportal.records import apply, columns, matching
from partnerportal.records.models import RECORDS, Difference, Enterprise, Mirror

Record = Mapping[str, Any]
CODES = ("payment_reason", "write_off_code", "account_type")
TAKEN_IN, LINKED, DOUBTFUL, AGAIN = "taken_in", "linked", "doubtful", "again"


def take_in(
    noun: str, record: Record, enterprise: Enterprise, context: Context, *, as_new: bool = False
) -> str:
    """Link to ours by chart number, leave to a person where the name fits one of ours, else make our row.

    `as_new`: a person said that it is someone else. The name of what was done.
    """
    try:
        with transaction.atomic():
            locks.fresh(enterprise)
            if RECORDS[noun].objects.filter(remote_id=record["id"]).exists():
                return AGAIN
            ours = None if as_new else by_chart(noun, record, enterprise)
            if ours is not None:
                link(locks.record(noun, ours.pk), record, context)
                return LINKED
            if not as_new and alike(noun, record, enterprise):
                return DOUBTFUL
            bring_in(noun, record, enterprise, context)
    except IntegrityError:  # somebody made or tied the same one in this moment: the next pass sees it
        return AGAIN
    return TAKEN_IN


def free_rows(noun: str, enterprise: Enterprise) -> Any:
    """Our rows that could be it: tied to none, not removed, and no create of theirs is on its way."""
    busy = Delivery.objects.filter(noun=noun, state__in=Delivery.SENT).values("record_id")
    every: Any = RECORDS[noun].objects
    rows = every.filter(enterprise_id=enterprise.pk, remote_id=None).exclude(pk__in=busy)
    return rows.filter(removed=False) if noun == "patient" else rows


def free_enterprises() -> Any:
    """Our enterprises that could be one there: tied to none, and none of their creates on its way."""
    busy = Delivery.objects.filter(noun="enterprise", state__in=Delivery.SENT).values("record_id")
    return Enterprise.objects.filter(remote_id=None).exclude(pk__in=busy)


def by_chart(noun: str, record: Record, enterprise: Enterprise) -> Mirror | None:
    """The row with the same chart number: the partner's own, so no person needs to agree."""
    chart = str(record.get("health_record_id") or "").strip()
    if noun == "patient":
        found = free_rows(noun, enterprise).filter(health_record_id=chart) if chart else None
    else:
        found = _by_own_number(noun, record, enterprise)
    row: Mirror | None = found.first() if found is not None else None
    return row


def _by_own_number(noun: str, record: Record, enterprise: Enterprise) -> Any:
    """A doctor by NPI, practice and account type by name, a code by itself: one within an enterprise."""
    rows = free_rows(noun, enterprise)
    if noun in CODES and record.get("code"):
        return rows.filter(code=str(record["code"]).strip())
    if noun == "doctor" and record.get("npi"):
        return rows.filter(npi=str(record["npi"]))
    if noun in ("practice", "account_type") and record.get("name"):
        return rows.filter(name__iexact=str(record["name"]).strip())
    return None


def alike(noun: str, record: Record, enterprise: Enterprise) -> list[Mirror]:
    """Our rows of the same name (and date of birth), for a person to say."""
    key = matching.name_key(noun, record)
    if not key or noun not in ("patient", "doctor"):
        return []
    last = str(record.get("last_name") or "").strip()
    near = free_rows(noun, enterprise).filter(last_name__iexact=last).select_related("enterprise")[:50]
    return [row for row in near if matching.row_name_key(row) == key]


def bring_in(noun: str, record: Record, enterprise: Enterprise | None, context: Context) -> Mirror:
    """Our row made from theirs. Where a column can't hold a value, it stays empty and is a difference."""
    row: Any = RECORDS[noun]()
    if enterprise is not None:
        row.enterprise = enterprise
    sendable = {attribute.name for attribute in row.wire.sendable(row)}
    refused = []
    for attribute in row.wire.attributes:
        value = attribute.form(record.get(attribute.name))
        if attribute.name not in sendable or value is None:
            continue
        if not columns.put(row, attribute.name, value):
            refused.append(attribute.name)
    row.save()
    link(row, record, context, action="adopted", without={*refused, *_unsent(row)})
    if refused:
        Difference.objects.create(
            noun=noun, record_id=row.pk, enterprise_id=row.enterprise_pk, attributes=sorted(refused)
        )
    made: Mirror = row
    return made


def _unsent(row: Any) -> set[str]:
    sendable = {attribute.name for attribute in row.wire.sendable(row)}
    return {attribute.name for attribute in row.wire.attributes if attribute.name not in sendable}


def link(
    row: Mirror,
    record: Record,
    context: Context,
    *,
    action: str = "linked",
    without: frozenset[str] | set[str] = frozenset(),
) -> None:
    """Tie ours to theirs: what ours leaves empty is taken, what differs is "changed here".

    `without`: attributes ours does not speak of.
    """
    _fill(row, record, without)
    apply.link(row, record)
    for name in without:
        row.acknowledged[name] = {"sent": None, "answered": record.get(name)}
    if isinstance(row, Enterprise):
        row.adopted = True
    row.save()
    _withdraw(row)
    release_children(row)
    about = context.about(record=row.record_name, enterprise=row.enterprise_pk, patient=row.person_pk)
    entries.write(f"{row.noun}_{action}", about, {"remote_id": row.remote_id})


def _fill(row: Mirror, record: Record, without: frozenset[str] | set[str]) -> None:
    """A value that only theirs has must not be cleared there by the next push."""
    for name, value in row.wire.values(row).items():
        theirs = row.wire.attribute(name).form(record.get(name))
        if value is None and theirs is not None and name not in without:
            columns.put(row, name, theirs)


def _withdraw(row: Mirror) -> None:
    """A create that waited is none any more: looked at again, it goes out as an update or not at all."""
    waiting = Delivery.objects.filter(noun=row.noun, record_id=row.pk, state=Delivery.State.BLOCKED)
    found = locks.ids(waiting.filter(reason="looks_alike"))
    Delivery.objects.filter(pk__in=found).update(
        state=Delivery.State.PENDING, reason="", needs_person_since=None, detail=None
    )
