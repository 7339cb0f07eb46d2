"""What happens to a worker rarely, and how it is staged: too little time, a fault of our own, storm, events.

Runs inside the nursery's children, against one journey's own database.
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection

from partnerportal.audit.context import Context
from partnerportal.delivery import deciding, engine, storms
from partnerportal.delivery.models import Delivery
from partnerportal.records.models import RECORDS, Endpoint, Enterprise
from partnerportal.webhooks import endpoints, process
from partnerportal.webhooks.event_types import USUAL
from partnerportal.webhooks.models import Event

CONTEXT = Context(actor="user:ola", origin="console")


def put(*, lease: float = 0.0, broken: str = "", storm: int = 0) -> None:
    """`lease`: seconds of each; `broken`: what raises, engine or events; `storm`: failures that are one."""
    if lease:
        settings.DELIVERY_LEASE = lease
    if storm:
        storms.ROW = storm
    if broken == "engine":
        engine.ready = _fail
    elif broken == "events":
        process.HANDLERS = dict.fromkeys(process.HANDLERS, _fail)


def _fail(*_: Any) -> Any:
    raise RuntimeError("a fault of our own")


def end_leases() -> None:
    """Whoever held one is dead: as if the time of all leases were over."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE delivery_delivery SET lease_until = clock_timestamp() - interval '1 millisecond'"
            " WHERE lease_until > clock_timestamp()"
        )
        cursor.execute("UPDATE webhooks_event SET next_at = clock_timestamp() WHERE state = 'waiting'")


def send_failed_again() -> None:
    """A person looks at what failed, and sends it again."""
    for delivery in Delivery.objects.filter(state="failed", needs_person_since__isnull=False):
        deciding.send_again(CONTEXT, delivery)


def strand(name: str) -> None:
    """What is asked for waits for its enterprise, of which nothing is on its way."""
    enterprise = Enterprise.objects.get(name=name)
    Delivery.objects.filter(enterprise=enterprise).update(
        state="blocked", reason="parent", blocked_by=enterprise.record_name
    )


def listen() -> None:
    """An endpoint is asked for."""
    endpoints.register(CONTEXT, USUAL)


def change_there(noun: str, **values: Any) -> None:
    """Somebody changes each record of a noun at Inbox Health, and an event of it has come in."""
    endpoint = Endpoint.objects.get()
    for row in RECORDS[noun].objects.exclude(remote_id=None).order_by("pk"):
        record = _changed(f"{row.wire.resource}/{row.remote_id}", values)
        body = {"event_type": f"{noun}_updated", "event_data": {"object": {**record, "object": noun}}}
        Event.objects.create(
            endpoint=endpoint, event_key=f"{noun}-{row.pk}", event_type=f"{noun}_updated", noun=noun,
            object_id=row.remote_id, body=json.dumps(body), signed_by="",
        )  # fmt: skip


def _changed(path: str, values: dict[str, Any]) -> dict[str, Any]:
    url = settings.INBOX_HEALTH_BASE_URL.replace("/partner/v2", f"/_sandbox/records/{path}")
    asked = urllib.request.Request(url, json.dumps(values).encode(), method="PUT")
    with urllib.request.urlopen(asked, timeout=20) as answer:
        record: dict[str, Any] = json.loads(answer.read())
    return record


ACTS: tuple[Callable[..., Any], ...] = (end_leases, send_failed_again, strand, listen, change_there)
