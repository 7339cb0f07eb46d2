"""A record under its lock, with what must be locked before and after it. Imports records and the locks.

The order is that of records/locks. Everything here is for the current transaction.
"""

from __future__ import annotations

from django.db.models import Q

from partnerportal.delivery import locks
from partnerportal.delivery.models import Delivery
from partnerportal.records.models import RECORDS, InvoicePayment, Mirror, Payment, PaymentAdjustment

# Deleting one of them there changes what is owed.
_OWED = ("invoice", "line_item")
# Failed, and a person is asked.
ASKS = Q(state=Delivery.State.FAILED, needs_person_since__isnull=False)


def held(known: Mirror) -> Mirror:
    """The row as it is now, its account before it. Raises the model's DoesNotExist."""
    if known.account_pk is not None:
        locks.hold(known.account_pk)
    return locks.record(known.noun, known.pk)


def held_by_key(noun: str, pk: int) -> Mirror:
    """As `held`, where only the primary key is known."""
    known: Mirror = RECORDS[noun].objects.light().get(pk=pk)
    return held(known)


def to_settle(delivery: Delivery, known: Mirror | None = None) -> Mirror | None:
    """A delivery's record, with all that its outcome may change besides; None where the record is gone.

    `known`: the record as `locks.read` gave it before: not read again where nobody has written it since.
    """
    if known is None:
        try:
            known = locks.read(delivery.noun, delivery.record_id)
        except RECORDS[delivery.noun].DoesNotExist:
            return None
    removes = delivery.kind == Delivery.Kind.REMOVE and known.noun in _OWED
    if known.account_pk is not None and (removes or isinstance(known, PaymentAdjustment)):
        locks.hold(known.account_pk)
    if isinstance(known, PaymentAdjustment):
        locks.ids(Payment.objects.filter(pk=known.payment_id))
        locks.ids(InvoicePayment.objects.filter(payment=known.payment_id, deleted=False))
    row = locks.relock(known)
    if isinstance(row, Payment):  # what is applied of it goes after it
        locks.ids(row.applications.filter(remote_id=None, deleted=False))
    return row


def deliveries(*rows: Mirror, account: int | None = None) -> list[Delivery]:
    """All deliveries of these records, and of a patient's account, that are open, or failed and ask a person.

    Locked by ascending id. The caller holds the records, so none is added and none is sent meanwhile.
    """
    whose = Q(account_pk=account) if account is not None else Q(pk__in=[])
    for row in rows:
        whose |= Q(noun=row.noun, record_id=row.pk)
    mine = Delivery.objects.filter(whose, Q(state__in=Delivery.OPEN) | ASKS)
    return list(locks.locking(mine).order_by("pk"))
