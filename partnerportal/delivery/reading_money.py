"""Reading the money back: an invoice's lines after its create, and a patient's balance. Imports walks.

Our lines are tied to theirs by what was sent; a balance is compared once its account is quiet.
"""

from __future__ import annotations

from typing import Any

from integrations.inboxhealth.outcome import Outcome
from partnerportal.accounts.gateway import Gateway
from partnerportal.delivery import walks
from partnerportal.delivery.claims import Hold
from partnerportal.delivery.models import Attempt, Delivery
from partnerportal.delivery.money_bodies import LINES
from partnerportal.delivery.walks import Listing, NotNow
from partnerportal.records import apply
from partnerportal.records.matching import name_key
from partnerportal.records.models import Invoice, LineItem, Patient

QUIET_SOON, QUIET_LATER = 0.5, 5.0  # seconds until an account that is busy is looked at again
_LANDED = ("accepted", "unknown", "")


def lines_of(invoice: Invoice) -> Listing:
    """The lines of an invoice there: documented, and in no need of a filter. Contract 4 [D]."""
    remote = invoice.remote_id or 0
    return Listing("invoices.line_items", "line_items", {"id": remote}, {"invoice_id": remote})


def notifications_of(patient: Patient) -> Listing:
    """What was sent to a patient: listed below them [D]; that each names the patient is not said."""
    return Listing("patients.notifications", "notifications", {"id": patient.remote_id or 0})


def tie_lines(invoice: Invoice, rows: list[dict[str, Any]]) -> bool:
    """Tie our lines to theirs, under the locks of both; False where it is not clear which is which."""
    sent = _sent_lines(invoice)
    tied = set(LineItem.objects.filter(invoice=invoice).values_list("remote_id", flat=True))
    ours = list(invoice.lines.filter(remote_id=None, pk__in=sent).order_by("pk"))
    theirs = sorted((r for r in rows if r["id"] not in tied), key=lambda r: int(r["id"]))
    for same in (_same_content, _same_amounts):
        for record in list(theirs):
            line = next((one for one in ours if same(sent[one.pk], record)), None)
            if line is not None:
                apply.accept(line, sent[line.pk], record, created=True)
                ours.remove(line)
                theirs.remove(record)
    return not (ours and theirs)


def _sent_lines(invoice: Invoice) -> dict[int, dict[str, Any]]:
    """What the create that landed said of each line: {primary key: {attribute: value}}."""
    found: dict[int, dict[str, Any]] = {}
    attempts = Attempt.objects.filter(
        delivery__noun="invoice", delivery__record_id=invoice.pk, operation="invoices.create"
    )
    for attempt in attempts.filter(outcome__in=_LANDED).order_by("delivery_id", "number"):
        found |= {
            pk: values | {"invoice_id": invoice.remote_id} for pk, values in attempt.payload.get(LINES, [])
        }
    return found


def _same_content(sent: dict[str, Any], record: dict[str, Any]) -> bool:
    return not LineItem.wire.same_content(sent, record)


def _same_amounts(sent: dict[str, Any], record: dict[str, Any]) -> bool:
    return name_key("line_item", sent) == name_key("line_item", record)


def balance_there(
    gateway: Gateway, hold: Hold, delivery: Delivery, patient: Patient
) -> dict[str, Any] | None:
    """The patient as Inbox Health has them now; None where they are not there. Raises NotNow, LeaseLost."""
    busy = Delivery.objects.filter(account_pk=patient.pk, state__in=Delivery.OPEN, needs_person_since=None)
    if busy.exclude(state=Delivery.State.BLOCKED).exists():
        raise NotNow("account_busy", QUIET_SOON if delivery.lane == "interactive" else QUIET_LATER)
    reply = walks.one(gateway, hold, "patients", patient.remote_id)
    if reply.outcome is not Outcome.ACCEPTED:
        return None
    record: dict[str, Any] = reply.record("patient")
    return record
