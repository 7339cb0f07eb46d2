"""Invoice and line item on the wire. Source: section 4 of the contract [D]; charges per unit [O]. Pure."""

from __future__ import annotations

from partnerportal.records.wire import canonical
from partnerportal.records.wire.attributes import Attribute, Wire

INVOICE = Wire(
    "invoice",
    "invoices",
    (
        Attribute(
            "patient_id",
            "Patient",
            canonical.integer,
            field="patient_remote_id",
            required=True,
            create_only=True,
        ),
        Attribute("practice_id", "Practice", canonical.integer, field="practice_remote_id", required=True),
        Attribute("doctor_id", "Doctor", canonical.integer, field="doctor_remote_id"),
        Attribute("date_of_service", "Date of service", canonical.day, required=True),
        Attribute("notes", "Notes"),
        Attribute("estimate", "Estimate", canonical.flag),
    ),
)

LINE_ITEM = Wire(
    "line_item",
    "line_items",
    (
        Attribute(
            "invoice_id",
            "Invoice",
            canonical.integer,
            field="invoice_remote_id",
            required=True,
            create_only=True,
        ),
        Attribute("service_code", "Code"),
        Attribute("description", "Description", required=True),
        Attribute("date_of_service", "Date of service", canonical.day),
        Attribute("total_charge_amount_cents", "Charge each", canonical.integer, required=True),
        Attribute("covered_amount_cents", "Covered", canonical.integer),
        Attribute("insurance_owed_amount_cents", "Insurance still owes", canonical.integer),
        Attribute("tax_amount_cents", "Tax", canonical.integer),
        Attribute("quantity", "Quantity", canonical.integer),
    ),
)
