"""The threads that send events when they are due, and again when they fail.

Imports subscriptions, dispatches, posting, signing. While requests are being served it takes a small share of
the interpreter only: whoever calls the API must not wait for whoever listens.
"""

import heapq
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from integrations.sandbox.assumptions import Assumptions
from integrations.sandbox.records import instant
from integrations.sandbox.store import Store
from integrations.sandbox.webhooks import dispatches, telling
from integrations.sandbox.webhooks.dispatches import Dispatch
from integrations.sandbox.webhooks.forging import forge
from integrations.sandbox.webhooks.posting import NotAllowedError, post
from integrations.sandbox.webhooks.signing import HEADER, signature
from integrations.sandbox.webhooks.subscriptions import Endpoint, Subscriptions

THREADS = 4
MOST_ATTEMPTS = 12
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 60.0
EARLY_PATIENCE = 2.0
"""Seconds that an answer waits for an event which is to be faster."""
BUSY, SHARE, TURN = 0.005, 25, 0.01
"""While the API was called within the last BUSY s, one at a time works, and then rests SHARE times as long.

TURN is what a thread that has just taken an event is given, in seconds, until it knows how long it worked.
"""


class Sender:
    """Owns the queue in memory; the store's rows are the truth, read at the start."""

    def __init__(
        self,
        store: Store,
        subscriptions: Subscriptions,
        switches: Assumptions,
        idle: Callable[[], float],
        allowed: frozenset[str],
    ) -> None:
        self._store = store
        self._subscriptions = subscriptions
        self._switches = switches
        self._idle = idle
        self._allowed = allowed
        self._changed = threading.Condition()
        self._queue: list[Dispatch] = []
        self._early: dict[int, threading.Event] = {}
        self._rest_until = 0.0
        self._watched = self._at_rest = False

    def start(self) -> None:
        self.reload()
        for _ in range(THREADS):
            threading.Thread(target=self._work, daemon=True).start()

    def reload(self) -> None:
        """The queue as the store has it."""
        with self._store.transaction() as tx:
            found = dispatches.pending(tx)
        with self._changed:
            self._queue = found
            heapq.heapify(self._queue)
            self._changed.notify_all()

    def hand_over(self, noted: list[Dispatch]) -> None:
        """Queue what was committed; wait for the early ones to arrive, a while."""
        awaited = {one.id: threading.Event() for one in noted if one.early}
        self._early.update(awaited)
        with self._changed:
            for one in noted:
                heapq.heappush(self._queue, one)
            # Who is at rest gets up soon; waking somebody for each request would cost it time.
            if awaited or not self._at_rest:
                self._changed.notify_all()
        until = time.monotonic() + EARLY_PATIENCE
        for number, arrived in awaited.items():
            arrived.wait(max(0.0, until - time.monotonic()))
            self._early.pop(number, None)

    def _work(self) -> None:
        while True:
            dispatch = self._next()
            begun = time.thread_time()
            self._send(dispatch)
            self._rest_until = time.monotonic() + (time.thread_time() - begun) * SHARE

    def _next(self) -> Dispatch:
        """Waits until one is due, and until it is somebody's turn to work. One thread watches the clock."""
        with self._changed:
            while True:
                wait = self._wait()
                if wait is not None and wait <= 0:
                    self._rest_until = time.monotonic() + TURN
                    taken = heapq.heappop(self._queue)
                    if self._queue:
                        self._changed.notify()
                    return taken
                leads = wait is not None and not self._watched
                self._watched = self._watched or leads
                self._at_rest = self._at_rest or (leads and self._queue[0].due <= time.time())
                self._changed.wait(wait if leads else None)
                if leads:
                    self._watched = self._at_rest = False

    def _wait(self) -> float | None:
        """Seconds until there is something to do; null when nothing is queued."""
        if not self._queue:
            return None
        rest = 0.0 if self._queue[0].early else self._resting()
        return max(self._queue[0].due - time.time(), rest)

    def _resting(self) -> float:
        """Seconds that are still to be left to whoever calls the API."""
        return max(0.0, self._rest_until - time.monotonic()) if self._idle() < BUSY else 0.0

    def _send(self, dispatch: Dispatch) -> None:
        endpoint = self._subscriptions.get(dispatch.endpoint)
        key = self._subscriptions.signing_key(endpoint) if endpoint else None
        if endpoint is None or key is None:
            self._settle(dispatch, "cancelled", None, "no endpoint, or no key to sign with")
            return
        dispatch.attempts += 1
        try:
            status, said = self._post(dispatch, endpoint, key), ""
        except (NotAllowedError, OSError, ValueError) as problem:
            status, said = None, f"{type(problem).__name__}: {problem}"
        if status is not None and 200 <= status < 300:
            self._settle(dispatch, "sent", status, said)
        else:
            self._failed(dispatch, status, said)

    def _post(self, dispatch: Dispatch, endpoint: Endpoint, key: str) -> int:
        with self._store.transaction() as tx:
            (event,) = dispatches.events(tx, dispatch.event, dispatch.event)
        body = telling.body(event, self._switches)
        signed: str | None = signature(key, endpoint.url, body)
        if dispatch.manner:
            body, signed = forge(dispatch.manner, key, endpoint.url, body)
        headers = {"Content-Type": "application/json", "User-Agent": "InboxHealth-Sandbox"}
        if signed is not None:
            headers[HEADER] = signed
        return post(endpoint.url, body.encode(), headers, self._allowed)

    def _failed(self, dispatch: Dispatch, status: int | None, said: str) -> None:
        """A forged one is tried once: nobody's server stands behind it."""
        final = dispatch.manner or self._switches["event_retries"] == "none"
        if final or dispatch.attempts >= MOST_ATTEMPTS:
            self._settle(dispatch, "failed", status, said)
            return
        dispatch.due = time.time() + min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** (dispatch.attempts - 1))
        self._settle(dispatch, "pending", status, said)
        with self._changed:
            heapq.heappush(self._queue, dispatch)
            self._changed.notify_all()

    def _settle(self, dispatch: Dispatch, state: str, status: int | None, said: str) -> None:
        with self._store.transaction() as tx:
            dispatches.settle(tx, dispatch, state, status, said, instant(datetime.now(UTC)))
        arrived = self._early.get(dispatch.id)
        if arrived is not None:
            arrived.set()
