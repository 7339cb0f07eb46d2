"""What follows an accepted write of the money's nouns. Imports waiting and records.

An invoice's lines are read back; what a payment is applied to goes after it; then the patient's balance is
read there and compared. Source: contract 5, last sentence before the billing status.
"""

from __future__ import annotations

from partnerportal.delivery.models import Attempt, Delivery
from partnerportal.delivery.money_bodies import LINES
from partnerportal.delivery.waiting import queue_after
from partnerportal.delivery.words import mark, standing
from partnerportal.kernel.clock import db_now
from partnerportal.records import effects
from partnerportal.records.models import Invoice, Mirror, Patient, Payment


def accepted(delivery: Delivery, attempt: Attempt, row: Mirror) -> None:
    """In the transaction that settles it, after the answer is on the row."""
    effects.accepted(row)
    if isinstance(row, Invoice) and attempt.operation.endswith(".create"):
        _lines_follow(delivery, attempt, row)
    if isinstance(row, Payment):
        for part in row.applications.filter(remote_id=None, deleted=False).order_by("pk"):
            follower = queue_after(delivery, part, Delivery.Kind.PUSH)
            mark(part, follower.state)
    compare_after(delivery, row)


def removed(delivery: Delivery, row: Mirror) -> None:
    """It is deleted there: it counts for nothing here either."""
    row.delivery_state = standing(row, delivery)
    effects.removed(row)
    compare_after(delivery, row)


def _lines_follow(delivery: Delivery, attempt: Attempt, invoice: Invoice) -> None:
    if attempt.payload.get(LINES):
        queue_after(delivery, invoice, Delivery.Kind.READ_LINES)
    else:
        invoice.lines_read_at = db_now()
        invoice.save(update_fields=["lines_read_at"])


def compare_after(delivery: Delivery, row: Mirror) -> None:
    """Its balance is read there once the account is quiet: soon for whoever waits, else in the background."""
    if row.account_pk is None:
        return
    patient = Patient.objects.only("pk", "enterprise_id").get(pk=row.account_pk)
    lane = "interactive" if delivery.lane == "interactive" else "background"
    queue_after(delivery, patient, Delivery.Kind.COMPARE, lane=lane)
