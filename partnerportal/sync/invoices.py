"""Invoice by invoice: its lines, and what is applied to it, which the API lists nowhere else. Contract 4.

`lines_read_at` is the cursor: whose lines were read longest ago comes first. One that our own create sent is
left to the outbox until that has read its lines back. Imports calls, applying and lists.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F

from integrations.inboxhealth.outcome import Outcome
from partnerportal.accounts.gateway import Gateway
from partnerportal.audit.context import Context
from partnerportal.kernel.clock import db_now
from partnerportal.kernel.crash import crash_point
from partnerportal.records.models import RECORDS, Invoice
from partnerportal.sync import applying, calls, leases, lists, pages
from partnerportal.sync.leases import Lease
from partnerportal.sync.models import PullPart
from partnerportal.sync.pages import Fault

NOUNS = ("line_item", "invoice_payment")
MOST_PAGES = 50  # of one invoice
MOST_ASKED = 50


class Unreadable(Exception):
    """One of its lists could not be read; the text is a stable word."""


def step(gateway: Gateway, lease: Lease, part: PullPart) -> None:
    """The next invoice of the round; the end of the part where none is left. Raises NotNow, LeaseLost."""
    failed = [one["invoice"] for one in part.unread]
    due = Invoice.objects.filter(
        remote_id__isnull=False, deleted=False, lines_read_at__lt=part.round_began_at
    )
    invoice = due.exclude(pk__in=failed).order_by(F("lines_read_at"), "pk").light().first()
    if invoice is None or part.left == 0:
        _end(part, whole=invoice is None)
        return
    part.left = None if part.left is None else part.left - 1
    try:
        for noun in NOUNS:
            _read(gateway, lease, part, noun, invoice)
    except Unreadable as error:
        part.unread = [*part.unread, {"invoice": invoice.pk, "page": 1, "reason": str(error)[:40]}]
        return
    Invoice.objects.filter(pk=invoice.pk).update(lines_read_at=db_now())


def _read(gateway: Gateway, lease: Lease, part: PullPart, noun: str, invoice: Any) -> None:
    listing, number, edge, start = lists.below_invoice(noun, invoice.remote_id), 1, 0, db_now()
    pull = part.pull
    if pull is None:
        raise leases.LeaseLost
    context = calls.context_of(pull, part).about(enterprise=invoice.enterprise_pk, patient=invoice.account_pk)
    while number <= MOST_PAGES:
        began = db_now()
        reply = calls.fetch(
            gateway, lease, listing.operation, path=listing.path, query=pages.query_of("all", number)
        )
        crash_point("list_read")
        if reply.outcome is not Outcome.ACCEPTED:
            raise Unreadable(reply.reason)
        seen = pages.judge(reply.data, listing.root, listing.parent, number, None)
        ids = [row["id"] for row in seen.rows]
        if seen.fault or not pages.ascending(ids, edge):
            raise Unreadable(seen.fault or Fault.ORDER)
        part.count(read=len(ids), **applying.below_invoice(noun, seen.rows, context, began))
        if seen.last:
            every: Any = RECORDS[noun].objects
            _ask(gateway, lease, part, every.filter(invoice=invoice, deleted=False), start)
            return
        number, edge = number + 1, max([edge, *ids])
    raise Unreadable(Fault.TOO_LONG)


def _ask(gateway: Gateway, lease: Lease, part: PullPart, ours: Any, start: datetime) -> None:
    """Those of ours that the list did not show, by their ids."""
    unseen = lists.not_read_since(ours.filter(remote_id__isnull=False, missing_since=None), start)
    for row in unseen.light()[:MOST_ASKED]:
        began = db_now()
        reply = calls.fetch(gateway, lease, f"{row.wire.resource}.get", path={"id": row.remote_id})
        if reply.outcome not in (Outcome.ACCEPTED, Outcome.GONE):
            raise Unreadable(reply.reason)
        found = reply.record(row.noun) if reply.outcome is Outcome.ACCEPTED else None
        context = calls.context_of(part.pull, part) if part.pull else Context()
        part.count(**{applying.asked_by_id(row.noun, row.pk, found, context, began): 1})


def _end(part: PullPart, *, whole: bool) -> None:
    """`whole`: every invoice's turn came since the round began, also where a run reads only a few."""
    part.state = PullPart.State.NOT_READ if part.unread else PullPart.State.DONE
    if not part.unread and whole:
        part.round_ended_at = db_now()
    part.lease_owner = part.lease_until = None
