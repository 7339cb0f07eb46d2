"""What a visit would send, before anything is saved: the bodies from rows that are never stored.

Imports records' models and delivery's money bodies. Writes nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from partnerportal.audit import masking
from partnerportal.delivery.money_bodies import of_line
from partnerportal.records.billing import Charge, Taken, Visit
from partnerportal.records.models import Invoice, InvoicePayment, LineItem, Mirror, Patient, Payment

LATER = "its id, once it is there"


@dataclass(frozen=True)
class Sending:
    """One request to come. `what` in words, `body` as masked JSON."""

    what: str
    body: str


def parents_of(patient: Patient, visit: Visit) -> list[str]:
    """What goes out first because it is not there yet, in words."""
    rows: list[Mirror | None] = [patient.enterprise, visit.practice, visit.doctor, patient]
    return [str(row) for row in rows if row is not None and row.remote_id is None]


def sendings(patient: Patient, visit: Visit, *, applied: int, reveal: bool) -> list[Sending]:
    """In the order they go out. `applied`: cents of what was taken that go to this visit."""
    invoice = invoice_of(patient, visit)
    inner = [of_line(line_of(invoice, charge)) for charge in visit.lines]
    body: dict[str, Any] = {"invoice": {**_said(invoice), "line_items_attributes": inner}}
    if visit.email_to:
        body["email"] = visit.email_to
    found = [("Create the invoice with its lines", body)]
    for taken in visit.taken:
        payment = payment_of(patient, taken)
        found.append(("Create the payment", {"payment": _said(payment)}))
        if applied:
            part = InvoicePayment(payment=payment, invoice=invoice, amount_cents=applied)
            found.append(("Apply it to the invoice", {"invoice_payment": _said(part)}))
    return [Sending(what, _json(body, reveal)) for what, body in found]


def invoice_of(patient: Patient, visit: Visit) -> Invoice:
    """The invoice as it would be; never saved."""
    return Invoice(
        patient=patient,
        practice=visit.practice,
        doctor=visit.doctor,
        date_of_service=visit.date_of_service,
        estimate=visit.estimate,
        notes=visit.notes,
    )


def line_of(invoice: Invoice, charge: Charge) -> LineItem:
    return LineItem(
        invoice=invoice,
        service_code=charge.service_code,
        description=charge.description,
        date_of_service=charge.date_of_service,
        total_charge_amount_cents=charge.each,
        quantity=charge.quantity,
        covered_amount_cents=charge.covered,
        insurance_owed_amount_cents=charge.insurance_owed,
        tax_amount_cents=charge.tax,
    )


def payment_of(patient: Patient, taken: Taken) -> Payment:
    return Payment(
        patient=patient, amount_cents=taken.amount, method=taken.method, description=taken.description
    )


def _said(row: Mirror) -> dict[str, Any]:
    """The create's attributes; a parent that has no id there yet is said to get one."""
    later = {a.name: LATER for a in row.wire.attributes if a.required and a.field.endswith("_remote_id")}
    return {**later, **row.wire.create_payload(row)}


def _json(body: dict[str, Any], reveal: bool) -> str:
    return json.dumps(masking.page_data(body, reveal=reveal), indent=2, ensure_ascii=False, default=str)
