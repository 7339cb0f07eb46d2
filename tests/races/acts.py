"""What a person can do to something while it is being sent: each act presses the console's own button.

Where a page only leads through a preview, its service is called. An act may be refused; that is an answer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from partnerportal.accounts import keys
from partnerportal.accounts.gateway import service_key
from partnerportal.accounts.models import ApiKey
from partnerportal.console.payment_forms import new_key
from partnerportal.delivery import brakes, deciding, key_changes
from partnerportal.delivery.models import Brake, Delivery
from partnerportal.delivery.plans import PlanChanged, confirm_plan, make_plan
from partnerportal.delivery.services import NotPossible, NotValid, request_link, request_push, request_reading
from partnerportal.records.models import RECORDS, Invoice, InvoicePayment, Payment
from tests.console.test_record_forms import as_shown
from tests.races.arena import Case
from tests.sandbox_process import KEY

Act = Callable[[Case], None]
REFUSALS = (NotPossible, NotValid, PlanChanged)


def hurry(case: Case) -> None:
    """Somebody waits for it: it passes the batch."""
    request_push(case.context, case.target)


def push_all(case: Case) -> None:
    """All of its kind, as a batch."""
    own = "pk" if case.target.noun == "enterprise" else "enterprise_id"
    rows = RECORDS[case.target.noun].objects.filter(**{own: case.enterprise.pk})
    confirm_plan(make_plan(case.arena.operator, case.target.noun, rows), case.context)


def _delivery(case: Case) -> Delivery | None:
    mine = Delivery.objects.filter(noun=case.target.noun, record_id=case.rows["target"].pk)
    return mine.exclude(kind__in=Delivery.QUIET).order_by("-pk").first()


def cancel(case: Case) -> None:
    if (delivery := _delivery(case)) is not None:
        case.arena.post("delivery_cancel", delivery.pk)


def send_again(case: Case) -> None:
    if (delivery := _delivery(case)) is not None:
        case.arena.post("delivery_again", delivery.pk)


def look_again(case: Case) -> None:
    if (delivery := _delivery(case)) is not None:
        deciding.look_again(case.context, delivery)


def undo(case: Case) -> None:
    _press(case, "undo")


def replace_key(case: Case) -> None:
    old = service_key()
    assert old is not None
    new = keys.candidate(KEY, "basic", None)
    new.state = ApiKey.State.WORKING
    key_changes.replace(old, new, case.context)


def pause(case: Case) -> None:
    """Sending for this enterprise is stopped; the test resumes it at the end."""
    brakes.stop(case.context, "Somebody looks at it", Brake.Scope.ENTERPRISE, case.enterprise.pk)


def pause_and_resume(case: Case) -> None:
    brake = brakes.stop(case.context, "Somebody looked at it", Brake.Scope.ENTERPRISE, case.enterprise.pk)
    brakes.release(case.context, brake)


def _press(case: Case, part: str, row: Any = None, **data: Any) -> None:
    row = row or case.target
    case.arena.post(f"admin:records_{row.noun}_{part}", row.pk, **data)


def edit(case: Case) -> None:
    field = {"patient": "address_line_1", "doctor": "first_name"}.get(case.target.noun, "address_line_1")
    _press(case, "edit", **{**as_shown(case.target), field: "7 Elm"})


def delete(case: Case) -> None:
    _press(case, "delete", version=case.target.version)


def cancel_and_delete(case: Case) -> None:
    """What is not on its way any more may be deleted, where it was never sent."""
    cancel(case)
    delete(case)


def remove(case: Case) -> None:
    _press(case, "remove", version=case.target.version)


def link(case: Case) -> None:
    """To a record that somebody made there."""
    row = case.target
    values = row.wire.create_payload(row) | {"enterprise_id": row.enterprise_pk and case.enterprise.remote_id}
    made = case.arena.sandbox.admin("POST", f"records/{row.wire.resource}", values)
    case.theirs.add((row.wire.resource, made["id"]))
    below = [one for one in case.arena.there("practices") if one["enterprise_id"] == made["id"]]
    case.theirs |= {("practices", one["id"]) for one in below}  # an enterprise gets one there by itself
    request_link(case.context, row, made["id"])


def join_away(case: Case) -> None:
    """It is joined into another, who stays."""
    _join(case, case.rows["other"], case.rows["patient"])


def join_into(case: Case) -> None:
    """Another is joined into it."""
    _join(case, case.rows["patient"], case.rows["other"])


def _join(case: Case, survivor: Any, surplus: Any) -> None:
    for row in (survivor, surplus):
        row.refresh_from_db()
    data: dict[str, Any] = {f"version-{row.pk}": row.version for row in (survivor, surplus)}
    case.arena.post("admin:records_patient_join", survivor.pk, surplus.pk, **data)


def bill(case: Case) -> None:
    """A visit is entered and pushed: it waits for its patient."""
    from_hand = {"key": new_key(), "method": "cash", "amount": "12.00", "how": "oldest", "push": "1"}
    case.arena.post("record_payment", case.patient.pk, **from_hand)


def compare(case: Case) -> None:
    request_reading(case.context, case.patient, Delivery.Kind.COMPARE, lane="interactive")


def edit_invoice(case: Case) -> None:
    invoice = _invoice(case)
    said = {"date_of_service": f"{invoice.date_of_service:%m/%d/%Y}", "practice": invoice.practice_id}
    _press(case, "edit", invoice, **said, notes="Seen again", version=invoice.version, push="1")


def delete_invoice(case: Case) -> None:
    _press(case, "delete", _invoice(case))


def add_line(case: Case) -> None:
    said = {"line-description": "X-ray", "line-each": "75.00", "push": "1"}
    case.arena.post("line_add", _invoice(case).pk, **said)


def change_line(case: Case) -> None:
    line = _invoice(case).lines.order_by("pk")[0]
    said = {"line-description": "Office visit", "line-each": "80.00", "version": line.version, "push": "1"}
    _press(case, "edit", line, **said)


def delete_line(case: Case) -> None:
    _press(case, "delete", _invoice(case).lines.order_by("-pk")[0])


def _invoice(case: Case) -> Invoice:
    row: Invoice = Invoice.objects.get(pk=case.rows["invoice"].pk)
    return row


def _payment(case: Case) -> Payment:
    row: Payment = Payment.objects.get(pk=case.rows["payment"].pk)
    return row


def change_words(case: Case) -> None:
    _press(case, "edit", _payment(case), description="By her mother", push="1")


def delete_payment(case: Case) -> None:
    _press(case, "delete", _payment(case))


def apply(case: Case) -> None:
    payment = _payment(case)
    said = {"how": "oldest", "known": payment.applications.count(), "push": "1"}
    case.arena.post("payment_apply", payment.pk, **said)


def refund(case: Case) -> None:
    payment = _payment(case)
    said = {"amount": "10.00", "known": payment.adjustments.count(), "confirm": "1"}
    case.arena.post("payment_refund", payment.pk, **said)


def void(case: Case) -> None:
    payment = _payment(case)
    said = {"amount": "40.00", "known": payment.adjustments.count(), "confirm": "1"}
    case.arena.post("payment_void", payment.pk, **said)


def _part(case: Case) -> InvoicePayment | None:
    return _payment(case).applications.order_by("pk").first()


def unapply(case: Case) -> None:
    if (part := _part(case)) is not None:
        case.arena.post("application_change", part.pk, amount="5.00", push="1")


def drop_application(case: Case) -> None:
    if (part := _part(case)) is not None:
        case.arena.post("application_drop", part.pk)


def drop_adjustment(case: Case) -> None:
    case.arena.post("adjustment_drop", case.target.pk)


def write_off(case: Case) -> None:
    code = case.rows.get("code") or RECORDS["write_off_code"].objects.create(
        enterprise=case.enterprise, code="045", description="Hardship"
    )
    said = {"code": code.pk, "amount": "7.00", "day": "11/02/2026", "push": "1"}
    case.arena.post("write_off", case.patient.pk, **said, known=case.patient.write_offs.count())


def delete_code(case: Case) -> None:
    case.arena.post("code_delete", case.enterprise.pk, case.target.noun, case.target.pk)


def push_patient(case: Case) -> None:
    """A child of what is being sent."""
    request_push(case.context, case.add_patient())


ALWAYS: tuple[Act, ...] = (
    hurry,
    push_all,
    cancel,
    undo,
    send_again,
    look_again,
    replace_key,
    pause,
    pause_and_resume,
)
# What is refused while it waits to be sent: these have their moment on the way, or never.
LATER = {look_again, delete}
ACTS: dict[str, tuple[Act, ...]] = {
    "patient": (*ALWAYS, edit, delete, cancel_and_delete, remove, link, join_away, join_into, bill, compare),
    "invoice": (
        *ALWAYS, edit_invoice, delete_invoice, add_line, change_line, delete_line, bill, write_off, compare,
    ),
    "payment": (
        *ALWAYS, change_words, delete_payment, apply, unapply, drop_application, refund, void, write_off,
        delete_invoice, compare,
    ),
    "line_item": (*ALWAYS, change_line, delete_line, add_line, delete_invoice, edit_invoice, bill),
    "invoice_payment": (
        *ALWAYS, unapply, drop_application, refund, void, delete_invoice, edit_invoice, change_words,
    ),
    "payment_adjustment": (*ALWAYS, drop_adjustment, apply, refund, unapply, change_words, delete_invoice),
    "write_off": (*ALWAYS, write_off, bill, compare, delete_invoice),
    "write_off_code": (*ALWAYS, delete_code, write_off),
    "payment_reason": (*ALWAYS, delete_code),
    "doctor": (*ALWAYS, edit, delete, cancel_and_delete, remove, link),
    "practice": (*ALWAYS, edit, delete, cancel_and_delete, remove, link, push_patient),
    "enterprise": (*ALWAYS, edit, delete, link, push_patient),
}  # fmt: skip
