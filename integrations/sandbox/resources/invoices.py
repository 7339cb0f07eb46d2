"""Invoices: what a patient is charged for one visit. Source: contract, sections 4 and 5."""

from integrations.sandbox.resources.description import (
    Attribute,
    Nested,
    Parent,
    Resource,
    SubCollection,
    of,
    required,
)

RESOURCE = Resource(
    name="invoices",
    singular="invoice",
    first_id=1_000_001,
    attributes=(
        required("patient_id", "integer", fixed=True),
        required("practice_id", "integer"),
        Attribute("doctor_id", "integer"),
        required("date_of_service", "date"),
        Attribute("notes", "note"),
        Attribute("estimate", "boolean", default=False),
        Attribute("appointment_id", "integer"),
        Attribute("soft_delete", "boolean", default=False),
    ),
    parents=(
        Parent("patient_id", "patients"),
        Parent("practice_id", "practices"),
        Parent("doctor_id", "doctors"),
    ),
    nested=(Nested("line_items_attributes", "line_items", "invoice_id", "nested_line_items_in_answer"),),
    subs=(
        of("line_items", "invoice"),
        SubCollection("payments", "payments", "invoice_id", "id", through=("invoice_payments", "payment_id")),
        of("invoice_payments", "invoice"),
        of("notifications", "invoice"),
    ),
    links=("line_items", "payments", "invoice_payments", "notifications"),
    constants={"balance_cents": 0, "total_insurance_balance_cents": 0},
    soft_delete=True,
    quiet=True,
)
