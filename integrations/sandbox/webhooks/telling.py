"""An event as the JSON text that is sent; the same text each time it is asked for.

Source: contract, section 6. Imports rendering and storage types.
"""

import json
from datetime import UTC, datetime, timedelta, timezone

from integrations.sandbox import records, rendering
from integrations.sandbox.assumptions import Assumptions
from integrations.sandbox.records import Record
from integrations.sandbox.webhooks.dispatches import Event

ZONE = timezone(timedelta(hours=-4))
"""The vendor's events are stamped in the time of its own place."""


def body(event: Event, switches: Assumptions) -> str:
    record = Record(
        event.resource, event.record_id, event.account, event.enterprise_id, json.loads(event.document)
    )
    head = {
        "id": event.id,
        "livemode": False,
        "created_at": datetime.fromtimestamp(event.at, ZONE).isoformat(timespec="milliseconds"),
        "event_type": event.event_type,
    }
    return as_text({**head, "event_data": {"object": rendering.event_object(record, switches)}})


def aged(document: str, seconds: float) -> str:
    """The document as it would have been, had all happened that much earlier."""
    values = json.loads(document)
    for name in rendering.INSTANTS:
        moment = datetime.fromisoformat(values[name]) - timedelta(seconds=seconds)
        values[name] = records.instant(moment.astimezone(UTC))
    return as_text(values)


def as_text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
