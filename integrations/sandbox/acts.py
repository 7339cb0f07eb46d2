"""What each create, update, delete and extra operation does besides keeping the record it names.

A table of (resource, action); what is not in it is a plain change. Imports changes, money, webhooks.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from integrations.sandbox import changes, money, records
from integrations.sandbox.kinds import InvalidValueError, email
from integrations.sandbox.messages import Document, RefusedError
from integrations.sandbox.records import Record
from integrations.sandbox.resources import RESOURCES
from integrations.sandbox.resources.description import Resource
from integrations.sandbox.webhooks import subscriptions
from integrations.sandbox.workbench import Workbench


@dataclass(frozen=True)
class Order:
    """What was asked: the object below the root key, and the keys beside it."""

    sent: Document
    body: Document = field(default_factory=dict)


def create(bench: Workbench, resource: Resource, order: Order) -> Record:
    """Raises RefusedError 422 or 403; then nothing is kept."""
    act = CREATES.get(resource.name)
    return act(bench, order) if act else changes.create(bench, resource, order.sent)


def update(bench: Workbench, record: Record, order: Order) -> Record:
    act = UPDATES.get(record.resource)
    return act(bench, record, order) if act else changes.update(bench, record, order.sent)


def delete(bench: Workbench, record: Record) -> Record:
    if record.resource == "invoices":
        return money.delete_invoice(bench, record)
    return changes.delete(bench, record)


def quick_pay(bench: Workbench, body: Document) -> tuple[Record, Record]:
    """The invoice and the payment. Raises RefusedError 400 where a root is missing."""
    roots = [body.get(name) for name in ("invoice", "payment")]
    if not all(isinstance(one, dict) for one in roots):
        raise RefusedError(400, "param is missing or the value is empty: invoice, payment")
    return money.quick_pay(bench, *(one for one in roots if isinstance(one, dict)))


def import_batch(bench: Workbench, body: Document) -> Record:
    """Takes an uploaded file in hand; `delete_file` then removes it from the list."""
    batch = changes.create(bench, RESOURCES["import_batches"], body)
    if batch.document["delete_file"]:
        for file in records.every(bench.tx, "sftp_uploads"):
            if (file.enterprise_id, file.document["filename"]) == (
                batch.enterprise_id,
                batch.document["filename"],
            ):
                changes.delete(bench, file)
    return batch


def _create_payment(bench: Workbench, order: Order) -> Record:
    return money.pay(bench, order.sent, order.body.get("invoice_id"))


def _create_applied(bench: Workbench, order: Order) -> Record:
    made = changes.create(bench, RESOURCES["invoice_payments"], order.sent)
    money.must_fit(bench, made)
    return made


def _update_applied(bench: Workbench, record: Record, order: Order) -> Record:
    changed = changes.update(bench, record, order.sent)
    money.must_fit(bench, changed)
    return changed


def _create_adjustment(bench: Workbench, order: Order) -> Record:
    return money.adjust(bench, order.sent, order.body.get("voided"))


def _create_invoice(bench: Workbench, order: Order) -> Record:
    return _mailed(bench, changes.create(bench, RESOURCES["invoices"], order.sent), order)


def _update_invoice(bench: Workbench, record: Record, order: Order) -> Record:
    return _mailed(bench, changes.update(bench, record, order.sent), order)


def _mailed(bench: Workbench, invoice: Record, order: Order) -> Record:
    """The top-level `email` asks for a mail to that address: here, a notification that says so."""
    if order.body.get("email"):
        try:
            address = email(order.body["email"])
        except InvalidValueError as refusal:
            raise money.invalid("email", str(refusal)) from None
        sent = {"patient_id": invoice.document["patient_id"], "invoice_id": invoice.id, "email": address}
        changes.create(bench, RESOURCES["notifications"], sent)
    return invoice


def _update_patient(bench: Workbench, record: Record, order: Order) -> Record:
    """Putting a patient on a billing cycle starts it."""
    changed = changes.update(bench, record, order.sent)
    before, after = (one.document.get("billing_status") for one in (record, changed))
    if after == "scheduled" != before:
        changed = changes.touch(changed, {"statement_cycle_started_at": changed.document["updated_at"]})
        changes.keep(bench, changed)
    return changed


def _create_endpoint(bench: Workbench, order: Order) -> Record:
    made = changes.create(bench, RESOURCES["endpoints"], order.sent)
    subscriptions.sign_with(bench.tx, made.id, bench.key_fingerprint)
    return made


def _update_endpoint(bench: Workbench, record: Record, order: Order) -> Record:
    subscriptions.sign_with(bench.tx, record.id, bench.key_fingerprint)
    return changes.update(bench, record, order.sent)


CREATES: dict[str, Callable[[Workbench, Order], Record]] = {
    "payments": _create_payment,
    "invoice_payments": _create_applied,
    "payment_adjustments": _create_adjustment,
    "invoices": _create_invoice,
    "endpoints": _create_endpoint,
}
UPDATES: dict[str, Callable[[Workbench, Record, Order], Record]] = {
    "invoice_payments": _update_applied,
    "invoices": _update_invoice,
    "patients": _update_patient,
    "endpoints": _update_endpoint,
}
