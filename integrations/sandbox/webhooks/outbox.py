"""From a request's writes to events: which, for whom, with what goes wrong by script; in its transaction.

Imports subscriptions, dispatches, rendering; the sender is handed in.
"""

import json
import random
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from integrations.sandbox import records, rendering
from integrations.sandbox.faults import Fault, FaultBook
from integrations.sandbox.messages import Document
from integrations.sandbox.resources import RESOURCES
from integrations.sandbox.webhooks import dispatches
from integrations.sandbox.webhooks.dispatches import Dispatch, Event
from integrations.sandbox.webhooks.forging import FORGERIES
from integrations.sandbox.webhooks.subscriptions import Subscriptions
from integrations.sandbox.workbench import Workbench

ZONE = timezone(timedelta(hours=-4))
"""The vendor's events are stamped in the time of its own place."""
NO_END = 1 << 62


@dataclass(frozen=True)
class Outbox:
    """`hand_over` gives committed dispatches to the sender and waits for those that are to be early.

    `reload` has the sender read its queue anew.
    """

    subscriptions: Subscriptions
    faults: FaultBook
    hand_over: Callable[[list[Dispatch]], None]
    reload: Callable[[], None]

    def note(self, bench: Workbench) -> list[Dispatch]:
        """Inside the transaction: an event for each record written, where an endpoint wants it."""
        if not self.subscriptions.any_of(bench.account):
            return []
        found: list[Dispatch] = []
        for (resource, record_id), verb in bench.written.items():
            noun = RESOURCES[resource]
            event_type = f"{noun.singular}_{verb}"
            if noun.events and self.subscriptions.wanting(bench.account, event_type):
                found += self._event(bench, event_type, resource, record_id)
        return found

    def ring(self, bench: Workbench, noted: list[Dispatch]) -> None:
        """After the commit. Raises nothing."""
        if bench.endpoints_changed:
            self.subscriptions.refresh()
        if noted:
            self.hand_over(noted)

    def forget(self) -> None:
        """After the store was emptied."""
        self.subscriptions.refresh()
        self.reload()

    def resend(self, tx: sqlite3.Connection, asked: dict[str, Any]) -> list[Dispatch]:
        """Those with `ids` (of dispatches), or all that never arrived."""
        return dispatches.again(tx, asked.get("ids"), time.time())

    def replay(self, tx: sqlite3.Connection, asked: dict[str, Any]) -> list[Dispatch]:
        """Events from id `since` to `until` again, `times` each, within `window` s, `older_by` s if said."""
        older_by, window = float(asked.get("older_by", 0)), float(asked.get("window", 0))
        found: list[Dispatch] = []
        for event in dispatches.events(tx, int(asked.get("since", 0)), int(asked.get("until", NO_END))):
            told = _aged(tx, event, older_by) if older_by else event
            for endpoint in self.subscriptions.wanting(event.account, event.event_type):
                for _ in range(int(asked.get("times", 1))):
                    # Disorder on purpose, not a secret.
                    due = time.time() + random.random() * window  # noqa: S311
                    found.append(_queue(tx, told, endpoint.id, due))
        return found

    def _event(self, bench: Workbench, event_type: str, resource: str, record_id: int) -> list[Dispatch]:
        record = records.find(bench.tx, resource, record_id)
        if record is None:
            return []
        number = records.next_id(bench.tx, "events")
        body = _body(number, event_type, rendering.event_object(record, bench.switches))
        event = Event(number, bench.account, event_type, resource, record_id, body)
        dispatches.add_event(bench.tx, event)
        script = self.faults.of_event(event_type)
        found: list[Dispatch] = []
        for endpoint in self.subscriptions.wanting(bench.account, event_type):
            found += _scripted(bench.tx, event, endpoint.id, script)
        return found


def _scripted(tx: sqlite3.Connection, event: Event, endpoint: int, script: list[Fault]) -> list[Dispatch]:
    """One dispatch, unless the script says: none, several, later, mixed, a forged one besides, or at once."""
    kinds = {fault.kind: fault for fault in script}
    if "event_lose" in kinds:
        dispatches.add(tx, event.id, endpoint, "lost", time.time())
        return []
    manners = [""] * (1 + _copies(kinds.get("event_repeat")))
    if forge := kinds.get("event_forge"):
        manners.insert(0, str(forge.parameters.get("manner") or forge.chance.choice(FORGERIES)))
    early = "event_faster_than_answer" in kinds
    return [_queue(tx, event, endpoint, _due(kinds), manner, early) for manner in manners]


def _due(kinds: dict[str, Fault]) -> float:
    due = time.time()
    if delay := kinds.get("event_delay"):
        due += delay.number("delay")
    if shuffle := kinds.get("event_shuffle"):
        due += shuffle.chance.random() * shuffle.number("window")
    return due


def _copies(repeat: Fault | None) -> int:
    return int(repeat.number("copies")) if repeat else 0


def _queue(
    tx: sqlite3.Connection, event: Event, endpoint: int, due: float, manner: str = "", early: bool = False
) -> Dispatch:
    number = dispatches.add(tx, event.id, endpoint, "pending", due, manner)
    return Dispatch(number, endpoint, due, event.body, manner, early=early)


def _aged(tx: sqlite3.Connection, event: Event, seconds: float) -> Event:
    """The event as one that was sent long ago, with an id of its own."""
    number = records.next_id(tx, "events")
    aged = replace(event, id=number, body=_older(event.body, number, seconds))
    dispatches.add_event(tx, aged)
    return aged


def _body(event_id: int, event_type: str, about: Document) -> str:
    at = datetime.now(ZONE).isoformat(timespec="milliseconds")
    head = {"id": event_id, "livemode": False, "created_at": at, "event_type": event_type}
    return _json({**head, "event_data": {"object": about}})


def _older(text: str, event_id: int, seconds: float) -> str:
    """The same event as one that was sent long ago: another id, and earlier instants throughout."""
    event = json.loads(text)
    about = event["event_data"]["object"]
    event["id"] = event_id
    event["created_at"] = _earlier(event["created_at"], seconds).isoformat(timespec="milliseconds")
    for name in rendering.INSTANTS:
        about[name] = records.instant(_earlier(about[name], seconds).astimezone(UTC))
    return _json(event)


def _earlier(instant: str, seconds: float) -> datetime:
    return datetime.fromisoformat(instant) - timedelta(seconds=seconds)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
