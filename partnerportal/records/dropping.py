"""What was never sent, or was refused, can be dropped again: payments and what is taken back of them.

Each is one transaction under the account's lock. `forget` is the outbox's: called once all is locked, it
refuses where something of the rows is on its way, and ends what failed. Imports models, locks and ledger.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction

from partnerportal.records.account import NotAllowed
from partnerportal.records.ledger import reckon
from partnerportal.records.locks import fresh, hold, records
from partnerportal.records.models import InvoicePayment, Mirror, Payment, PaymentAdjustment

Forget = Callable[..., None]


def _nothing(*rows: Mirror) -> None:
    """Where nothing of them was ever asked for."""


@transaction.atomic
def drop_adjustment(adjustment: PaymentAdjustment, forget: Forget = _nothing) -> None:
    """Forget a refund or void that Inbox Health has not. Raises NotAllowed."""
    hold(adjustment.account_pk)
    row = fresh(adjustment)
    if row.remote_id is not None or row.seen_on_payment:
        raise NotAllowed("It is done at Inbox Health and can't be dropped.")
    forget(row)
    row.delete()


@transaction.atomic
def drop_application(part: InvoicePayment, forget: Forget = _nothing) -> None:
    """Take back what was applied and never sent. Raises NotAllowed."""
    hold(part.account_pk)
    row = fresh(part)
    if row.remote_id is not None:
        raise NotAllowed("It is at Inbox Health. Apply $0.00 of it instead.")
    forget(row)
    row.delete()
    reckon(part.account_pk)


@transaction.atomic
def drop_payment(payment: Payment, forget: Forget = _nothing) -> None:
    """Forget a payment that was never sent, with what was applied of it. Raises NotAllowed."""
    hold(payment.patient_id)
    row = fresh(payment)
    if row.remote_id is not None:
        raise NotAllowed("It is at Inbox Health, so it can't be deleted here alone. Void it instead.")
    parts = [
        *records("invoice_payment", _pks(row.applications)),
        *records("payment_adjustment", _pks(row.adjustments)),
    ]
    forget(row, *parts)
    row.applications.all().delete()
    row.adjustments.all().delete()
    row.delete()
    reckon(payment.patient_id)


def _pks(rows: Any) -> list[int]:
    return list(rows.values_list("pk", flat=True))
