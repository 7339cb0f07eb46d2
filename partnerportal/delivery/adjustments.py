"""An unknown refund or void: no list shows adjustments, so the payment itself is read. Imports walks.

A void shows as `voided`; a refund as what is refunded there beyond what was accepted of ours. [D] for both.
"""

from __future__ import annotations

from typing import Any

from integrations.inboxhealth.outcome import Outcome
from partnerportal.accounts.gateway import Gateway
from partnerportal.delivery import walks
from partnerportal.delivery.claims import Hold
from partnerportal.delivery.evidence import Finding
from partnerportal.records.models import Payment, PaymentAdjustment


def look(gateway: Gateway, hold: Hold, row: PaymentAdjustment) -> tuple[Finding, list[int]]:
    """What the payment shows of it. Raises NotNow, LeaseLost."""
    reply = walks.one(gateway, hold, "payments", row.payment_remote_id)
    if reply.outcome is not Outcome.ACCEPTED:
        return Finding("unproven", f"refused_{reply.reason}"[:60]), [reply.exchange_id or 0]
    return judge(row, reply.record("payment")), [reply.exchange_id or 0]


def judge(row: PaymentAdjustment, payment: dict[str, Any]) -> Finding:
    """Whether the payment as it is there shows this adjustment done."""
    if row.void:
        voided = payment.get("voided")
        return Finding("unproven", "not_shown") if voided is None else Finding("one" if voided else "none")
    there = payment.get("refunded_amount_cents")
    ours = Payment.objects.values_list("refunded_cents", flat=True).get(pk=row.payment_id)
    if not isinstance(there, int) or payment.get("voided"):
        return Finding("unproven", "not_shown")
    verdicts = {0: "none", row.amount_cents: "one"}
    return Finding(verdicts.get(there - ours, "similar"))


def remember(row: PaymentAdjustment) -> None:
    """It was done, and its id is known to nobody: it must never be sent again."""
    row.seen_on_payment = True
    row.save(update_fields=["seen_on_payment"])
