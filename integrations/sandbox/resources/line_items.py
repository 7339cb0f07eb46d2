"""Line items: one charge of an invoice, its amount per unit. Source: contract, sections 4 and 5."""

from integrations.sandbox.resources.description import Attribute, Parent, Resource, required, several

RESOURCE = Resource(
    name="line_items",
    singular="line_item",
    first_id=2_000_001,
    actions=("get", "create", "update", "delete"),
    attributes=(
        required("invoice_id", "integer", fixed=True),
        Attribute("service_code"),
        required("description"),
        Attribute("date_of_service", "date"),
        required("total_charge_amount_cents", "cents"),
        *several(
            "cents",
            "covered_amount_cents",
            "insurance_owed_amount_cents",
            "tax_amount_cents",
            default=0,
        ),
        Attribute("quantity", "quantity", default=1),
    ),
    parents=(Parent("invoice_id", "invoices"),),
)
