"""Where a create of unknown outcome is looked for, per noun. Reads rows, writes none. Imports walks, records.

Source: contract 4: each list is a sub-collection of the parent, so that every row of it must be the parent's.
"""

from __future__ import annotations

from typing import Any

from partnerportal.delivery.walks import ENTERPRISES, Listing

_OF_ENTERPRISE = ("practice", "doctor", "patient", "payment_reason", "write_off_code")
_OF_PATIENT = {"invoice": "patients.invoices", "payment": "patients.payments"}
_OF_INVOICE = {"line_item": "invoices.line_items", "invoice_payment": "invoices.invoice_payments"}
_WHOLE = ("write_off", "account_type", "endpoint")


def listing_for(row: Any) -> Listing:
    """The list in which a create of this row would stand."""
    noun, resource = row.noun, row.wire.resource
    if noun == "enterprise":
        return ENTERPRISES
    if noun in _OF_ENTERPRISE:
        return Listing.below(row.enterprise.remote_id or 0, resource)
    if noun in _OF_PATIENT:
        return _below(_OF_PATIENT[noun], resource, "patient_id", row.patient.remote_id)
    if noun in _OF_INVOICE:
        return _below(_OF_INVOICE[noun], resource, "invoice_id", row.invoice.remote_id)
    if noun in _WHOLE:
        return Listing(f"{resource}.list", resource)
    raise LookupError(f"no list shows a {noun}")


def _below(operation: str, resource: str, parent: str, remote_id: int | None) -> Listing:
    return Listing(operation, resource, {"id": remote_id or 0}, {parent: remote_id or 0})
