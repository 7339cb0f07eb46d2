"""Quick pay: an invoice and its payment in one request.

Owns the body, which has two root keys. May import contract's invoice, payment and model only.
"""

from __future__ import annotations

from integrations.inboxhealth.contract.invoice import InvoiceRequest
from integrations.inboxhealth.contract.model import Request
from integrations.inboxhealth.contract.payment import PaymentRequest


class QuickPayRequest(Request):
    """The whole body of `POST /payments/quick_pay`. Contract 4."""

    invoice: InvoiceRequest
    payment: PaymentRequest
