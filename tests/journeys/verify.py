"""What must be true after every journey, whatever died on the way. Reads rows and the sandbox's log."""

from __future__ import annotations

import json
import urllib.request
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from partnerportal.audit.models import Answer, Exchange
from partnerportal.audit.sealed import unseal
from partnerportal.delivery.models import Attempt, Delivery
from partnerportal.jobs.models import Job
from partnerportal.records.models import RECORDS

Request = tuple[str, str, str]


def faults_found(base_url: str, since: int = 0, may_differ: str = "") -> list[str]:
    """Each broken promise as a sentence; none is what a journey wants.

    `since`: a line of the sandbox's log; `may_differ`: a noun of which ours was tied to what differs there.
    """
    control = base_url.replace("/partner/v2", "/_sandbox")
    return [
        *_arrived_once(control, may_differ),
        *_nothing_stuck(),
        *_every_request_has_its_exchange(control, since),
        *_audit_holds_together(),
    ]


def _arrived_once(control: str, may_differ: str) -> Iterator[str]:
    for noun, model in RECORDS.items():
        resource = model.wire.resource
        there = [r for r in _get(control, f"records/{resource}")["records"] if not r.get("hidden")]
        ours = {row.remote_id: row for row in model.objects.all() if not getattr(row, "deleted", False)}
        ours = _without_known_ids(noun, ours, there)
        if len(there) != len(ours):
            yield f"{len(ours)} {noun}s here, {len(there)} there"
        for record in there:
            row = ours.get(record["id"])
            if row is None:
                yield f"{noun} IH {record['id']} there is none of ours"
            elif noun != may_differ and (
                differs := [n for n, v in row.wire.values(row).items() if _differs(row, n, v, record)]
            ):
                yield f"{row.record_name} differs there in {differs}"
        for row in ours.values():
            if row.sync_state != "in_sync" and noun != may_differ:
                yield f"{row.record_name} is {row.sync_state}, {row.delivery_state or 'no delivery'}"


def _without_known_ids(noun: str, ours: dict[Any, Any], there: list[dict[str, Any]]) -> dict[Any, Any]:
    """An adjustment whose answer was lost is known to be there; its id is known to nobody."""
    if noun != "payment_adjustment" or None not in ours or not ours[None].seen_on_payment:
        return ours
    unknown = [record["id"] for record in there if record["id"] not in ours]
    return {(unknown or [None])[0] if key is None else key: row for key, row in ours.items()}


def _differs(row: Any, name: str, ours: Any, record: dict[str, Any]) -> bool:
    form = row.wire.attribute(name).form
    answered = row.acknowledged.get(name, {}).get("answered")
    return ours is not None and form(record.get(name)) not in (ours, form(answered))


def _nothing_stuck() -> Iterator[str]:
    stuck = Delivery.objects.exclude(state__in=("delivered", "cancelled"))
    asks = Delivery.objects.filter(needs_person_since__isnull=False)
    unsure = Delivery.objects.filter(confirm_at__isnull=False)
    for delivery in (stuck | asks | unsure).distinct():
        yield f"{delivery.record_name} {delivery.kind} stays {delivery.state} ({delivery.reason})"
    for job in Job.objects.filter(kind=Job.Kind.PUSH).exclude(state=Job.State.DONE):
        yield f"batch {job.short_id} stays {job.state}: {job.done} of {job.total}"
    for attempt in Attempt.objects.filter(ended_at=None):
        yield f"an attempt of {attempt.operation} has not ended"


def _every_request_has_its_exchange(control: str, since: int) -> Iterator[str]:
    seen: Counter[Request] = Counter()
    for request in _get(control, f"requests?since={since}")["requests"]:
        seen[(request["method"], _path(request["path"], request["query"]), request["body"])] += 1
    written: Counter[Request] = Counter()
    for exchange in Exchange.objects.all():
        content = unseal(exchange)
        parts = urlsplit(content["url"])
        written[(exchange.method, _path(parts.path, parts.query), content["body"])] += 1
    for request, times in (seen - written).items():
        yield f"{times} × {request[0]} {request[1]} was sent without an exchange"


def _path(path: str, query: str) -> str:
    return f"{path.rstrip('/')}?{query}" if query else path.rstrip("/")


def _audit_holds_together() -> Iterator[str]:
    known = set(Exchange.objects.values_list("pk", flat=True))
    for exchange in set(Answer.objects.values_list("exchange", flat=True)) - known:
        yield f"an answer to exchange {exchange}, which does not exist"
    for attempt in Attempt.objects.exclude(exchange=None):
        if attempt.exchange not in known:
            yield f"an attempt names exchange {attempt.exchange}, which does not exist"


def _get(control: str, path: str) -> Any:
    with urllib.request.urlopen(f"{control}/{path}", timeout=20) as answer:
        return json.loads(answer.read())
