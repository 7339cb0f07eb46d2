"""What was never sent, or was refused, can be dropped again: payments and what is taken back of them.

Each is one transaction under the account's lock; the caller makes sure that nothing of it is on its way.
Imports models, account and ledger.
"""

from __future__ import annotations

from django.db import transaction

from partnerportal.records.account import NotAllowed, hold
from partnerportal.records.ledger import reckon
from partnerportal.records.models import InvoicePayment, Payment, PaymentAdjustment


@transaction.atomic
def drop_adjustment(adjustment: PaymentAdjustment) -> None:
    """Forget a refund or void that Inbox Health has not. Raises NotAllowed."""
    hold(adjustment.account_pk)
    row = PaymentAdjustment.objects.select_for_update(of=("self",), no_key=True).get(pk=adjustment.pk)
    if row.remote_id is not None or row.seen_on_payment:
        raise NotAllowed("It is done at Inbox Health and can't be dropped.")
    row.delete()


@transaction.atomic
def drop_application(part: InvoicePayment) -> None:
    """Take back what was applied and never sent. Raises NotAllowed."""
    hold(part.account_pk)
    row = InvoicePayment.objects.select_for_update(of=("self",), no_key=True).get(pk=part.pk)
    if row.remote_id is not None:
        raise NotAllowed("It is at Inbox Health. Apply $0.00 of it instead.")
    row.delete()
    reckon(part.account_pk)


@transaction.atomic
def drop_payment(payment: Payment) -> None:
    """Forget a payment that was never sent, with what was applied of it. Raises NotAllowed."""
    hold(payment.patient_id)
    row = Payment.objects.select_for_update(of=("self",), no_key=True).get(pk=payment.pk)
    if row.remote_id is not None:
        raise NotAllowed("It is at Inbox Health, so it can't be deleted here alone. Void it instead.")
    row.adjustments.all().delete()
    row.applications.all().delete()
    row.delete()
    reckon(payment.patient_id)
