"""Money made at Inbox Health: invoices, lines, payments, what they are applied to and write-offs, made ours.

Under its patient's lock, and the balance reckoned after. What hangs below a patient that is not here is left
as seen. Imports records, delivery and adopting.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from partnerportal.audit import checkpoint
from partnerportal.audit.context import Context
from partnerportal.delivery import surplus
from partnerportal.delivery.models import Delivery
from partnerportal.records import columns, effects, ledger, locks
from partnerportal.records.apply import instant
from partnerportal.records.models import RECORDS, Invoice, Mirror, Patient, Payment
from partnerportal.sync import adopting
from partnerportal.sync.models import ReceivedPayment

Record = Mapping[str, Any]
TAKEN_IN, AGAIN, UNPLACED = "taken_in", "again", "only_there"
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)  # lines never read: its turn comes first
# How each finds the patient whose money it is: (attribute, noun of the parent).
_PARENT = {
    "invoice": ("patient_id", "patient"),
    "payment": ("patient_id", "patient"),
    "write_off": ("patient_id", "patient"),
    "line_item": ("invoice_id", "invoice"),
    "invoice_payment": ("payment_id", "payment"),
}
NOUNS = tuple(_PARENT)


def busy_accounts(noun: str) -> set[int]:
    """Patients of whom a create of this noun is on its way, or was perhaps sent in the hours that a restore
    lost: what is seen there may be that one.
    """
    sent = Delivery.objects.filter(noun=noun, state__in=Delivery.SENT, account_pk__isnull=False)
    busy = {pk for pk in sent.values_list("account_pk", flat=True) if pk is not None}
    restored, model = checkpoint.restored_at(), RECORDS[noun]
    if restored is not None:
        unsent = model.objects.filter(remote_id=None, created_at__lt=restored)
        busy |= set(unsent.values_list(model.account_path, flat=True))  # type: ignore[attr-defined]
    return busy


def take_in(noun: str, record: Record, context: Context, busy: set[int]) -> str:
    """Our row made from theirs; the name of what was done."""
    patient = owner_of(noun, record)
    if patient is None or record.get("successful") is False:
        return UNPLACED
    if patient.pk in busy:
        return AGAIN
    try:
        with transaction.atomic():
            locks.hold(patient.pk)
            if RECORDS[noun].objects.filter(remote_id=record["id"]).exists():
                return AGAIN
            row = _make(noun, record, patient)
            if row is None:
                return UNPLACED
            adopting.link(row, record, context, action="received")
            if isinstance(row, Payment):
                _received(row, record)
            ledger.reckon(patient.pk)
    except IntegrityError:  # somebody made the same one in this moment
        return AGAIN
    return TAKEN_IN


def owner_of(noun: str, record: Record) -> Patient | None:
    """The patient here whose money it is; None where nobody here is."""
    attribute, parent = _PARENT[noun]
    remote_id = record.get(attribute)
    found: Any = RECORDS[parent].objects.filter(remote_id=remote_id).first() if remote_id else None
    patient: Patient | None = found if found is None or parent == "patient" else found.patient
    return patient


def _make(noun: str, record: Record, patient: Patient) -> Mirror | None:
    """None where something that ours can't be without has no place here."""
    row: Any = RECORDS[noun]()
    row.enterprise = patient.enterprise
    for attribute in row.wire.attributes:
        value = attribute.form(record.get(attribute.name))
        if value is None or attribute.name == "apply_payment":
            continue
        if not columns.put(row, attribute.name, value) and attribute.required:
            return None
    if isinstance(row, Invoice):
        row.lines_read_at = LONG_AGO
        row.deleted = bool(record.get("soft_delete"))
    if isinstance(row, Payment):
        row.paid_on = day_of(record)
        facts(row, record)
    needed = [name for name in row.parent_fields if not row._meta.get_field(name).null]
    if any(getattr(row, f"{name}_id") is None for name in needed):
        return None
    row.save()
    made: Mirror = row
    return made


def facts(payment: Payment, record: Record) -> bool:
    """What the API alone says of a payment: refunded and voided; whether something was new."""
    open_ones = payment.pk and payment.adjustments.filter(remote_id=None, seen_on_payment=False)
    if open_ones and open_ones.exists():
        return False  # what is refunded there beyond this tells whether ours was done (delivery.adjustments)
    refunded, voided = int(record.get("refunded_amount_cents") or 0), bool(record.get("voided"))
    if (payment.refunded_cents, payment.voided) == (refunded, voided):
        return False
    payment.refunded_cents, payment.voided = refunded, voided
    return True


def follow(row: Mirror) -> None:
    """After a record was taken, under its lock: what follows for payments, patients and balances."""
    if isinstance(row, Patient):
        told = (row.remote or {}).get("balance_cents")
        if isinstance(told, int) and told != row.balance_there_cents:
            ledger.compare(row, told)
        return
    if isinstance(row, Payment):
        surplus.refunded_twice(row, int((row.remote or {}).get("refunded_amount_cents") or 0))
    if isinstance(row, Payment) and facts(row, row.remote or {}):
        row.save()
        if row.voided:
            effects.voided(row)
    if row.account_pk is not None:
        ledger.reckon(row.account_pk)


def day_of(record: Record) -> date | None:
    """The day a payment was made, as the API's own instant says it."""
    moment = instant(record.get("submitted_at")) or instant(record.get("created_at"))
    return moment.date() if moment else None


def _received(payment: Payment, record: Record) -> None:
    """Made there after the enterprise was tied here: it is to be posted in the practice's own system."""
    made, since = instant(record.get("created_at")), payment.enterprise.accepted_at
    if made is not None and since is not None and made >= since:
        ReceivedPayment.objects.create(
            payment=payment, enterprise=payment.enterprise, day=payment.paid_on or made.date()
        )
