"""Invoice payments: the part of a payment applied to one invoice. Source: contract, sections 4 and 5."""

from integrations.sandbox.resources.description import Nested, Parent, Resource, required

REASONS = "payment_reasons_invoice_payments"

RESOURCE = Resource(
    name="invoice_payments",
    singular="invoice_payment",
    first_id=5_000_001,
    actions=("get", "create", "update"),
    attributes=(
        required("payment_id", "integer", fixed=True),
        required("invoice_id", "integer", fixed=True),
        required("paid_amount_cents", "cents"),
    ),
    parents=(Parent("payment_id", "payments"), Parent("invoice_id", "invoices")),
    nested=(Nested(f"{REASONS}_attributes", REASONS, "invoice_payment_id"),),
    constants={"reversal": False, "reversal_date": None},
)

LINK = Resource(
    name=REASONS,
    singular="payment_reasons_invoice_payment",
    first_id=7_000_001,
    actions=(),
    attributes=(
        required("invoice_payment_id", "integer", fixed=True),
        required("payment_reason_id", "integer"),
    ),
    parents=(
        Parent("invoice_payment_id", "invoice_payments"),
        Parent("payment_reason_id", "payment_reasons"),
    ),
    events=False,
)
"""Why an invoice payment is what it is; only written and answered with it."""
