"""From a request's writes to events: which, for whom, with what goes wrong by script; in its transaction.

Imports subscriptions and dispatches; the sender is handed in.
"""

import random
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from integrations.sandbox.faults import Fault, FaultBook
from integrations.sandbox.resources import RESOURCES
from integrations.sandbox.webhooks import dispatches, telling
from integrations.sandbox.webhooks.dispatches import Dispatch
from integrations.sandbox.webhooks.forging import FORGERIES
from integrations.sandbox.webhooks.subscriptions import Endpoint, Subscriptions
from integrations.sandbox.workbench import Workbench

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
            wanting = self.subscriptions.wanting(bench.account, event_type) if noun.events else []
            if wanting:
                event = dispatches.add_event(bench.tx, time.time(), event_type, resource, record_id)
                found += self._scripted(bench.tx, event, event_type, wanting)
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
        """Those with `ids` (of dispatches), or all that never arrived. Raises ValueError."""
        ids = asked.get("ids")
        if ids is not None and not (isinstance(ids, list) and all(type(one) is int for one in ids)):
            raise ValueError("ids is a list of numbers")
        return dispatches.again(tx, ids, time.time())

    def replay(self, tx: sqlite3.Connection, asked: dict[str, Any]) -> list[Dispatch]:
        """Events from id `since` to `until` again, `times` each, within `window` s, `older_by` s if said.

        Raises ValueError.
        """
        if any(type(value) not in {int, float} for value in asked.values()):
            raise ValueError("since, until, times, window and older_by are numbers")
        older_by, window = float(asked.get("older_by", 0)), float(asked.get("window", 0))
        found: list[Dispatch] = []
        for event in dispatches.events(tx, int(asked.get("since", 0)), int(asked.get("until", NO_END))):
            number = event.id
            if older_by:
                document = telling.aged(event.document, older_by)
                number = dispatches.add_aged(tx, event, event.at - older_by, document)
            for endpoint in self.subscriptions.wanting(event.account, event.event_type):
                for _ in range(int(asked.get("times", 1))):
                    # Disorder on purpose, not a secret.
                    due = time.time() + random.random() * window  # noqa: S311
                    found.append(_queue(tx, number, endpoint.id, due))
        return found

    def _scripted(
        self, tx: sqlite3.Connection, event: int, event_type: str, wanting: list[Endpoint]
    ) -> list[Dispatch]:
        script = {fault.kind: fault for fault in self.faults.of_event(event_type)}
        return [one for endpoint in wanting for one in _sendings(tx, event, endpoint.id, script)]


def _sendings(tx: sqlite3.Connection, event: int, endpoint: int, script: dict[str, Fault]) -> list[Dispatch]:
    """One, unless the script says: none, several, later, mixed, a forged one besides, or at once."""
    if "event_lose" in script:
        dispatches.add(tx, event, endpoint, "lost", time.time())
        return []
    manners = [""] * (1 + _copies(script.get("event_repeat")))
    if forge := script.get("event_forge"):
        manners.insert(0, str(forge.parameters.get("manner") or forge.chance.choice(FORGERIES)))
    early = "event_faster_than_answer" in script
    return [_queue(tx, event, endpoint, _due(script), manner, early) for manner in manners]


def _due(script: dict[str, Fault]) -> float:
    due = time.time()
    if delay := script.get("event_delay"):
        due += delay.number("delay")
    if shuffle := script.get("event_shuffle"):
        due += shuffle.chance.random() * shuffle.number("window")
    return due


def _copies(repeat: Fault | None) -> int:
    return int(repeat.number("copies")) if repeat else 0


def _queue(
    tx: sqlite3.Connection, event: int, endpoint: int, due: float, manner: str = "", early: bool = False
) -> Dispatch:
    number = dispatches.add(tx, event, endpoint, "pending", due, manner)
    return Dispatch(number, event, endpoint, due, manner, early=early)
