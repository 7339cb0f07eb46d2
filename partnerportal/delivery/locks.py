"""The rows the outbox locks, in the one order of records/locks: batch, records, deliveries, attempts.

Here are the engine's own statements, which are planned once; the rest is records/locks. Imports models.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache

from django.db import connection
from django.db.models import QuerySet

from partnerportal.delivery import rows
from partnerportal.delivery.models import Delivery
from partnerportal.jobs.models import Job
from partnerportal.kernel.statements import run
from partnerportal.records.locks import fresh as fresh
from partnerportal.records.locks import hold as hold
from partnerportal.records.locks import ids as ids
from partnerportal.records.locks import in_order as in_order
from partnerportal.records.locks import records as records
from partnerportal.records.models import RECORDS, Mirror

# The id of the transaction that wrote a row's present version: PostgreSQL's own optimistic lock.
_WRITTEN = "r.xmin::text::bigint"
# What a child's delivery asks of its parents; their answers, encrypted and long, are not it.
_OF_PARENTS: dict[str, tuple[str, ...]] = {
    "enterprise": (
        "id", "name", "remote_id", "adopted", "allow_ssn", "practices_read_at", "patients_read_at",
        "doctors_read_at",
    ),
    "practice": ("id", "name", "remote_id"),
    "doctor": ("id", "first_name", "last_name", "remote_id"),
    "patient": ("id", "remote_id", "enterprise_id"),
    "invoice": ("id", "remote_id", "patient_id", "lines_read_at", "deleted"),
    "payment": ("id", "remote_id", "patient_id", "amount_cents", "method", "voided", "refunded_cents"),
    "payment_reason": ("id", "code", "remote_id"),
    "write_off_code": ("id", "code", "remote_id"),
    "account_type": ("id", "name", "remote_id"),
}  # fmt: skip
# The fields of a noun that lead to its parents, and what noun a field leads to where its name is another.
_PARENTS: dict[str, tuple[str, ...]] = {
    "enterprise": (),
    "practice": ("enterprise",),
    "doctor": ("enterprise",),
    "patient": ("enterprise", "practice", "account_type"),
    "payment_reason": ("enterprise",),
    "write_off_code": ("enterprise",),
    "account_type": ("enterprise",),
    "endpoint": (),
    "invoice": ("enterprise", "patient", "practice", "doctor"),
    "line_item": ("enterprise", "invoice"),
    "payment": ("enterprise", "patient"),
    "invoice_payment": ("enterprise", "payment", "invoice", "reason"),
    "payment_adjustment": ("enterprise", "payment"),
    "write_off": ("enterprise", "patient", "write_off_code"),
}
_NOUN_OF = {"reason": "payment_reason"}
# What changes about a delivery after its claim without its holder's doing; the rest is its holder's alone.
_MOVING = (
    "state",
    "attempts",
    "key_id",
    "lane",
    "turn",
    "lease_owner",
    "lease_until",
    "batch_id",
    "needs_person_since",
)
_REFRESH = (
    f"SELECT {', '.join(_MOVING)}, clock_timestamp() FROM delivery_delivery WHERE id = %s FOR NO KEY UPDATE"  # noqa: S608
)


def read(noun: str, record_id: int) -> Mirror:
    """The record with its parents, one query, no lock. Raises the model's DoesNotExist."""
    return _read(noun, record_id, "")


def record(noun: str, record_id: int) -> Mirror:
    """The record under its lock; its parents come along as they are now, without one. Raises DoesNotExist."""
    return _read(noun, record_id, "FOR NO KEY UPDATE OF r")


def find(noun: str, record_id: int) -> Mirror | None:
    """As `record`; None where the record is gone."""
    try:
        return record(noun, record_id)
    except RECORDS[noun].DoesNotExist:
        return None


def relock(row: Mirror) -> Mirror | None:
    """What `read` or `record` gave, under its lock: itself, where nobody has written it since, else anew.

    None where it is gone.
    """
    found = run(writer_under_lock(row.noun), [row.pk])
    if found is None:
        return None
    return row if found[0] == written_by(row) else find(row.noun, row.pk)


@cache
def writer_under_lock(noun: str) -> str:
    """SQL that locks a record by its id, and tells who wrote it."""
    return f"SELECT {_WRITTEN} AS written_by FROM {_table(noun)} r WHERE r.id = %s FOR NO KEY UPDATE"  # noqa: S608


def written_by(row: Mirror) -> int | None:
    """The transaction that wrote the row as it was read."""
    known: int | None = getattr(row, "_written_by", None)
    return known


def remember_writer(row: Mirror, transaction: int) -> None:
    row._written_by = transaction  # type: ignore[attr-defined]


def _read(noun: str, record_id: int, lock: str) -> Mirror:
    model, chain = RECORDS[noun], _PARENTS[noun]
    values = run(f"{_select(noun)} {lock}", [record_id])
    if values is None:
        raise model.DoesNotExist(f"{noun} {record_id}")
    row: Mirror = rows.build(model, values[1 : 1 + rows.width(model)])
    remember_writer(row, values[0])
    start = 1 + rows.width(model)
    for parent in chain:
        of = _NOUN_OF.get(parent, parent)
        theirs, only = RECORDS[of], _OF_PARENTS[of]
        part = values[start : start + rows.width(theirs, only)]
        setattr(row, parent, rows.build(theirs, part, only) if part[0] is not None else None)
        start += len(part)
    return row


@cache
def _select(noun: str) -> str:
    chain = _PARENTS[noun]
    nouns = {p: _NOUN_OF.get(p, p) for p in chain}
    parents = (rows.columns(RECORDS[n], p, _OF_PARENTS[n]) for p, n in nouns.items())
    wanted = [f"SELECT {_WRITTEN}", rows.columns(RECORDS[noun], "r"), *parents]
    joins = [f"LEFT JOIN {_table(n)} {p} ON {p}.id = r.{p}_id" for p, n in nouns.items()]
    return f"{', '.join(wanted)} FROM {_table(noun)} r {' '.join(joins)} WHERE r.id = %s"


def keep_parents(enterprise_ids: set[int]) -> None:
    """Share-lock enterprises before their records, for whoever will insert rows that refer to them.

    One that gets its id there is locked against such inserts while it frees its children's deliveries.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM records_enterprise WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE",
            [sorted(enterprise_ids)],
        )


def _table(noun: str) -> str:
    return f'"{RECORDS[noun]._meta.db_table}"'


def batch(pk: int) -> Job:
    """The batch under its lock: before its plan's lines, its records and its deliveries."""
    return Job.objects.select_for_update(no_key=True).get(pk=pk)


def jobs(wanted: QuerySet[Job]) -> QuerySet[Job]:
    """Several batches, or other jobs, locked by ascending id as they are read."""
    return wanted.order_by("pk").select_for_update(no_key=True)


def delivery(pk: int) -> Delivery:
    """The delivery under its lock, with its key. The caller holds its record's lock."""
    return locking(Delivery.objects.select_related("key")).get(pk=pk)


def refresh(delivery: Delivery) -> datetime:
    """Lock the delivery, and bring in what others may have changed while it was on its way; the time now."""
    found = run(_REFRESH, [delivery.pk])
    if found is None:
        raise Delivery.DoesNotExist(f"DL-{delivery.pk}")
    now: datetime
    *values, now = found
    for name, value in zip(_MOVING, values, strict=True):
        setattr(delivery, name, value)
    return now


def locking(deliveries: QuerySet[Delivery], *, skip_locked: bool = False) -> QuerySet[Delivery]:
    """The same deliveries, locked as they are read."""
    return deliveries.select_for_update(of=("self",), no_key=True, skip_locked=skip_locked)
