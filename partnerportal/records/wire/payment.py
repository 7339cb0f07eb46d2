"""Payments, what they are applied to, and what is taken back. Source: sections 4 and 5 [D]. Pure.

`apply_payment` is always said and always false: what a payment is applied to are deliveries of their own.
`expected_amount_cents` is never sent on PUT; `card` and `one_time_payment` are never sent at all.
"""

from __future__ import annotations

from partnerportal.records.wire import canonical
from partnerportal.records.wire.attributes import Attribute, Wire


def _parent(name: str, label: str) -> Attribute:
    field = name.removesuffix("_id") + "_remote_id"
    return Attribute(name, label, canonical.integer, field=field, required=True, create_only=True)


PAYMENT = Wire(
    "payment",
    "payments",
    (
        _parent("patient_id", "Patient"),
        Attribute(
            "expected_amount_cents", "Amount", canonical.integer, field="amount_cents", create_only=True
        ),
        Attribute("payment_method_type", "Method", field="method", create_only=True),
        Attribute("description", "Description"),
        Attribute("apply_payment", "Apply", canonical.flag, create_only=True),
    ),
)

INVOICE_PAYMENT = Wire(
    "invoice_payment",
    "invoice_payments",
    (
        _parent("payment_id", "Payment"),
        _parent("invoice_id", "Invoice"),
        Attribute("paid_amount_cents", "Applied", canonical.integer, field="amount_cents"),
    ),
)

PAYMENT_ADJUSTMENT = Wire(
    "payment_adjustment",
    "payment_adjustments",
    (
        _parent("payment_id", "Payment"),
        Attribute("amount_cents", "Amount", canonical.integer, create_only=True),
    ),
)

WRITE_OFF = Wire(
    "write_off",
    "write_offs",
    (
        _parent("patient_id", "Patient"),
        _parent("write_off_code_id", "Code"),
        Attribute("date", "Date", canonical.day, create_only=True),
        Attribute("amount_cents", "Amount", canonical.integer, create_only=True),
    ),
)
