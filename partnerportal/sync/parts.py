"""One step of one part: a page of its list, or one record asked for by id. Imports calls, pages, applying.

Each step ends with the part's cursor kept, so that whoever comes next goes on there.
"""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

from integrations.inboxhealth import backoff
from integrations.inboxhealth.outcome import Outcome
from integrations.inboxhealth.wire import Reply
from partnerportal.accounts.gateway import Gateway
from partnerportal.kernel.clock import db_now
from partnerportal.kernel.crash import crash_point
from partnerportal.sync import applying, calls, invoices, leases, lists, pages
from partnerportal.sync.leases import Lease
from partnerportal.sync.models import PullPart
from partnerportal.sync.pages import Fault, Judged

TRIES = 4  # of one page or one record, until it counts as not read
MOST_UNREAD = 3  # failed pages until the whole list is given up for this time
MARGIN = timedelta(seconds=5)
Stage, State = PullPart.Stage, PullPart.State


def step(gateway: Gateway, lease: Lease, part: PullPart) -> None:
    """One request and what came of it. Raises NotNow, Refused, LeaseLost."""
    if part.stage == Stage.ASK:
        _ask(gateway, lease, part)
    elif part.stage == Stage.BELOW:
        invoices.step(gateway, lease, part)
    else:
        _page(gateway, lease, part)
    leases.keep(part, lease)
    crash_point("list_tied")


def _page(gateway: Gateway, lease: Lease, part: PullPart) -> None:
    began, listing = db_now(), lists.listing_of(part)
    query = pages.query_of(part.stage, part.page)
    reply = calls.fetch(gateway, lease, listing.operation, path=listing.path, query=query)
    crash_point("list_read")
    if reply.outcome is not Outcome.ACCEPTED:
        _failed(part, reply.reason, final=reply.outcome in (Outcome.GONE, Outcome.REJECTED))
        return
    seen = pages.judge(reply.data, listing.root, listing.parent, part.page, part.pages)
    fault = seen.fault or _out_of_order(part, seen)
    if fault:
        _failed(part, fault, final=part.stage != Stage.ALL)
        return
    pull = _pull(part)
    context = calls.context_of(pull, part)
    counts = applying.apply_page(part, seen.rows, context, began, take_in=pull.take_in)
    part.count(**counts)
    part.tries, part.reason = 0, ""
    _forward(part, seen)


def _pull(part: PullPart) -> Any:
    if part.pull is None:
        raise leases.LeaseLost
    return part.pull


def _out_of_order(part: PullPart, seen: Judged) -> Fault:
    """Why the order asked for was not kept; the newest ones are only a short cut, so doubt ends them."""
    ids = [row["id"] for row in seen.rows]
    if part.stage == Stage.ALL:
        return Fault.NONE if pages.ascending(ids, part.edge) else Fault.ORDER
    if part.stage == Stage.FRESH:
        return Fault.NONE if pages.descending(ids) else Fault.ORDER
    return Fault.NONE if pages.latest_first(seen.rows) or not ids else Fault.ORDER


def _forward(part: PullPart, seen: Judged) -> None:
    """To the next page, or the next stage."""
    ids = [row["id"] for row in seen.rows]
    part.pages = seen.pages
    if part.stage != Stage.ALL:
        _short_cut(part, seen, ids)
        return
    part.count(read=len(ids))
    part.edge = max([part.edge, *ids])
    part.highest = max(part.highest, part.edge)
    part.left = None if part.left is None else part.left - 1
    if seen.last:
        _all_read(part)
    elif part.left == 0:
        part.resume_page, part.resume_edge = part.page + 1, part.edge
        end(part, State.DONE)
    else:
        part.page += 1


def _short_cut(part: PullPart, seen: Judged, ids: list[int]) -> None:
    """Newest first, until what was known before; without such a bound, one page shows where the top is."""
    newest = part.stage == Stage.NEWEST
    if part.page == 1:
        part.top = pages.newest_of(seen.rows)
        part.edge = max(ids, default=0)
    if not (seen.last or _passed(part, seen, ids)):
        part.page += 1
    elif newest:
        part.newest = part.top or part.newest
        _round(part)
    else:
        part.highest = max(part.highest, part.edge)
        _round(part)


def _passed(part: PullPart, seen: Judged, ids: list[int]) -> bool:
    if part.stage == Stage.FRESH:
        return not part.highest or ids[-1] <= part.highest
    oldest = pages.oldest_of(seen.rows)
    return part.newest is None or (oldest is not None and oldest < part.newest - MARGIN)


def _failed(part: PullPart, reason: str, *, final: bool) -> None:
    """Tried again, then the page is "not read", never counted as fine. `final`: trying again is no use."""
    if part.stage == Stage.NEWEST and final:
        part.stage, part.page, part.edge, part.pages = Stage.FRESH, 1, 0, None
        return
    if part.stage == Stage.FRESH and final:
        _round(part)
        return
    part.tries, part.reason = part.tries + 1, reason[:40]
    if part.tries < TRIES and not final:
        wait = backoff.delay(part.tries, base=1.0, cap=30.0, jitter=random.random)
        part.next_at = db_now() + timedelta(seconds=wait)
        if (
            reason == Fault.SHRANK
        ):  # a row went away: those behind it moved up, so the page before has changed
            part.page, part.pages = max(1, part.page - 1), None
            part.edge = 0
        return
    part.tries = 0
    if part.stage == Stage.ASK:
        part.count(not_read=1)
        return
    if part.stage != Stage.ALL:
        _round(part)
        return
    if final and part.page == 1 and part.noun in lists.ASSUMED:  # there is no such list
        part.round_ended_at = db_now()
        end(part, State.DONE)
        return
    part.unread = [*part.unread, {"page": part.page, "reason": reason}]
    more = part.pages is not None and part.page < part.pages
    if final or not more or len(part.unread) >= MOST_UNREAD:
        end(part, State.NOT_READ)
    else:
        part.page += 1


def _round(part: PullPart) -> None:
    """The short cuts lead to the next slice of the round over all."""
    part.stage, part.page, part.edge = Stage.ALL, part.resume_page, part.resume_edge
    part.pages, part.tries, part.reason = None, 0, ""
    if part.page == 1:
        part.round_began_at, part.unread = db_now(), []


def _all_read(part: PullPart) -> None:
    """The list's end: what no page showed is asked for by id, unless a page is missing."""
    part.resume_page, part.resume_edge = 1, 0
    if part.unread:
        end(part, State.NOT_READ)
        return
    part.round_ended_at = db_now()
    part.stage, part.page, part.edge = Stage.ASK, 1, 0


def _ask(gateway: Gateway, lease: Lease, part: PullPart) -> None:
    """The next of our rows that the round did not show, by its id."""
    unseen = lists.rows_of(part).light().filter(pk__gt=part.edge)
    row = lists.not_read_since(unseen, part.round_began_at).order_by("pk").first()
    if row is None:
        end(part, State.DONE)
        return
    began = db_now()
    reply = calls.fetch(gateway, lease, f"{row.wire.resource}.get", path={"id": row.remote_id})
    if reply.outcome not in (Outcome.ACCEPTED, Outcome.GONE):
        _failed(part, reply.reason, final=reply.outcome is Outcome.REJECTED)
        if part.tries == 0:
            part.edge = row.pk
        return
    found = _record(reply, row.noun)
    part.count(
        **{applying.asked_by_id(row.noun, row.pk, found, calls.context_of(_pull(part), part), began): 1}
    )
    part.edge, part.tries = row.pk, 0


def _record(reply: Reply, noun: str) -> dict[str, Any] | None:
    return reply.record(noun) if reply.outcome is Outcome.ACCEPTED else None


def end(part: PullPart, state: str) -> None:
    part.state, part.tries = state, 0
    part.lease_owner = part.lease_until = None
