"""Payment adjustments: a refund or a void of a payment. Source: contract, sections 4 and 5."""

from integrations.sandbox.resources.description import Parent, Resource, required

RESOURCE = Resource(
    name="payment_adjustments",
    singular="payment_adjustment",
    first_id=6_000_001,
    actions=("get", "create"),
    attributes=(required("payment_id", "integer"), required("amount_cents", "amount")),
    parents=(Parent("payment_id", "payments"),),
    constants={
        "payment_processing_refund_id": None,
        "transfer_id": None,
        "status": "refunded",
        "created_by_user_id": None,
    },
)
