"""The one order in which rows are locked, by people and workers alike (design, law 9). Imports models only.

1. the work: an import, then its job (a batch is a job), then a plan and its lines
2. records, parents before their children: enterprise, practice, doctor, account type, codes; then the
   account, which is the patient with all invoices; payments, lines, what is applied, refunds and voids,
   write-offs; endpoints (`ORDER`)
3. deliveries, then attempts
4. API keys

Several of one kind are locked by ascending id, in one statement. Whoever takes them the other way round meets
somebody who does not, and PostgreSQL kills one of the two. So whoever needs several takes all of them before
changing the first. What is locked with SKIP LOCKED waits for nobody, and may be locked at any time.

Who changes money, or what a balance is reckoned from, holds its account first: `hold`. Who needs something
"not sent yet" holds the record and its deliveries while asking, and until the end of the transaction.

Locks are FOR NO KEY UPDATE: a child's insert refers to its parent and need not wait for it. Each test records
the locks it takes (tests/locks_taken.py), and fails where one breaks this order.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db.models import QuerySet

from partnerportal.records.models import RECORDS, Invoice, Mirror, Patient

Row = TypeVar("Row", bound=Mirror)

# Of the records: parents before their children.
ORDER = (
    "enterprise", "practice", "doctor", "account_type", "payment_reason", "write_off_code", "patient",
    "invoice", "payment", "line_item", "invoice_payment", "payment_adjustment", "write_off", "endpoint",
)  # fmt: skip


def hold(patient_id: int) -> Patient:
    """Lock one patient's account: the patient, then all invoices. Raises Patient.DoesNotExist."""
    rows = Patient.objects.select_for_update(of=("self",), no_key=True)
    held: Patient = rows.only("pk", "enterprise_id").get(pk=patient_id)
    ids(Invoice.objects.filter(patient=patient_id))
    return held


def hold_all(patient_ids: Iterable[int]) -> list[int]:
    """Lock many accounts: all patients, then all their invoices; the patients that are there."""
    held = ids(Patient.objects.filter(pk__in=list(patient_ids)))
    ids(Invoice.objects.filter(patient__in=held))
    return held


def ids(rows: QuerySet[Any], *, skip_locked: bool = False) -> list[int]:
    """Lock rows of one kind in the order of their ids, as everybody does; their ids."""
    # Not as values: Django would leave the OF out, and lock what the query joins as well.
    locked = rows.order_by("pk").select_for_update(of=("self",), no_key=True, skip_locked=skip_locked)
    return [row.pk for row in locked.only("pk")]


def fresh(row: Row) -> Row:
    """The row as it is now, under its lock; its parents are held already. Raises the model's DoesNotExist."""
    rows: Any = type(row).objects.select_for_update(of=("self",), no_key=True)
    found: Row = rows.get(pk=row.pk)
    return found


def records(noun: str, record_ids: Iterable[int]) -> QuerySet[Any]:
    """Many records of a noun, locked in the order of their ids as they are read."""
    rows = RECORDS[noun].objects.select_for_update(of=("self",), no_key=True)
    return rows.filter(pk__in=sorted(record_ids)).order_by("pk")


def in_order(nouns: Iterable[str]) -> list[str]:
    """The nouns in the order in which their rows are locked."""
    return sorted(nouns, key=ORDER.index)
