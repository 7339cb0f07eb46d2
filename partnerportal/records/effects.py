"""What an accepted write of the money's nouns changes here besides its own row. Imports models and ledger.

Within the transaction that settles it. The caller holds the account, the payment, its parts and the record.
"""

from __future__ import annotations

from partnerportal.records.ledger import reckon
from partnerportal.records.models import Invoice, LineItem, Mirror, Payment, PaymentAdjustment


def accepted(row: Mirror) -> None:
    """What an accepted write changes here besides its own row; in the transaction that settles it."""
    if isinstance(row, PaymentAdjustment):
        payment = Payment.objects.get(pk=row.payment_id)
        if row.void:
            payment.voided = True
            voided(payment)
        else:
            payment.refunded_cents += row.amount_cents
        payment.save()
        reckon(payment.patient_id)
    elif isinstance(row, Invoice) and row.email_to:  # asked for once: the next change mails nothing
        row.email_to = ""
        row.save(update_fields=["email_to"])


def voided(payment: Payment) -> None:
    """What a voided payment was applied to is owed again."""
    for part in payment.applications.filter(deleted=False).order_by("pk"):
        part.deleted = True
        part.save()


def removed(row: Mirror) -> None:
    """An invoice or line that Inbox Health has deleted counts for nothing here either."""
    if isinstance(row, (Invoice, LineItem)):
        row.deleted, row.missing_since = True, None
        row.save()
        reckon(row.patient_id if isinstance(row, Invoice) else row.invoice.patient_id)
