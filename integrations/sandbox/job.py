"""One API request, known and let in: does what its route says and logs it, in one transaction.

Imports changes, listing, rendering, the log; knows nothing of faults or sockets.
"""

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from integrations.sandbox import changes, listing, records, rendering, requestlog
from integrations.sandbox.assumptions import Assumptions
from integrations.sandbox.changes import Workbench
from integrations.sandbox.listing import Query
from integrations.sandbox.messages import Answer, Document, RefusedError, as_answer, as_json
from integrations.sandbox.records import Record
from integrations.sandbox.requestlog import Sighting, Touched
from integrations.sandbox.resources import RESOURCES
from integrations.sandbox.routes import Route
from integrations.sandbox.store import Store

WRITES = {"create", "update", "delete"}


def as_it_is(status: int) -> int | None:
    return status


def never(status: int) -> int | None:
    return None


@dataclass(frozen=True)
class Job:
    store: Store
    switches: Assumptions
    seen: Sighting
    route: Route
    account: int

    def perform(
        self,
        shown: Callable[[int], int | None] = as_it_is,
        quirks: frozenset[str] = frozenset(),
        line: int | None = None,
    ) -> Answer:
        """Do it, and log it with the status that the caller will be `shown`.

        `line` is the log's line of a request that was taken in before; else one is added.
        """
        try:
            with self.store.transaction() as tx:
                if line is not None and not requestlog.holds(tx, line):
                    raise RefusedError(404, "the sandbox was reset before this took effect")
                answer, touched = self._act(tx, quirks)
                self._log(tx, line, shown(answer.status), touched)
        except RefusedError as problem:
            answer = as_answer(problem, self.switches)
            if line is None:
                self.note(shown(answer.status))
        return answer

    def note(self, status: int | None) -> int:
        """Log the request as one that changed nothing (or not yet)."""
        with self.store.transaction() as tx:
            return requestlog.note(tx, self.seen, status)

    def _log(self, tx: sqlite3.Connection, line: int | None, status: int | None, touched: Touched) -> None:
        if line is None:
            requestlog.note(tx, self.seen, status, touched)
        else:
            requestlog.note_late_commit(tx, line, touched)

    def _act(self, tx: sqlite3.Connection, quirks: frozenset[str]) -> tuple[Answer, Touched]:
        bench = Workbench(tx, self.account, self.switches)
        if self.route.action == "list":
            return self._list(bench, quirks), None
        record, status = self._one(bench)
        touched = (record.resource, record.id) if self.route.action in WRITES else None
        return (Answer(204) if status == 204 else self._answer(bench, record, status)), touched

    def _one(self, bench: Workbench) -> tuple[Record, int]:
        route, switches = self.route, self.switches
        if route.resource.name == "account_types" and switches["account_types"] == "create_only":
            _only_creates(route)
        if route.action == "create":
            record = changes.create(bench, route.resource, self._sent())
            return record, int(switches["create_status"])
        record = bench.own(route.resource.name, route.record_id)
        if route.action == "update":
            return changes.update(bench, record, self._sent()), 200
        if route.action == "delete":
            return changes.delete(bench, record), int(switches["delete_status"])
        return record, 200

    def _answer(self, bench: Workbench, record: Record, status: int) -> Answer:
        extra: dict[str, Any] = {}
        if record.resource == "enterprises" and self.switches["nested_practices_in_answer"] == "yes":
            rows = records.every(bench.tx, "practices")
            extra["practices"] = [self._render(row) for row in rows if row.enterprise_id == record.id]
        return as_json({self.route.resource.singular: self._render(record, **extra)}, status)

    def _render(self, record: Record, **extra: Any) -> Document:
        return rendering.render(record, self.seen.call.host, self.switches, **extra)

    def _list(self, bench: Workbench, quirks: frozenset[str]) -> Answer:
        route = self.route
        owner = bench.own(route.resource.name, route.record_id) if route.sub else None
        if route.resource.name == "account_types" and self.switches["account_types"] == "create_only":
            _only_creates(route)
        target = RESOURCES[route.sub.resource] if route.sub and route.sub.resource else route.resource
        query = Query(target, self.seen.call.query, self.switches, quirks)
        if route.sub and route.sub.resource is None:
            found = listing.empty(query)
        else:
            match = (route.sub.match, owner.owner_value(route.sub.value)) if route.sub and owner else None
            found = listing.fetch(bench.tx, query, self.account, match)
        root = route.sub.name if route.sub else target.name
        body: Document = {root: [self._render(row) for row in found.rows]}
        return as_json(body if self.switches["meta"] == "absent" else {**body, "meta": found.meta})

    def _sent(self) -> Document:
        """The object below the root key. Raises RefusedError 400."""
        call = self.seen.call
        if call.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            raise RefusedError(400, "the content type must be application/json")
        try:
            body = json.loads(call.body, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            raise RefusedError(400, "the body is not JSON") from None
        root = self.route.resource.singular
        sent = body.get(root) if isinstance(body, dict) else None
        if not isinstance(sent, dict):
            raise RefusedError(400, f"param is missing or the value is empty: {root}")
        return sent


def _only_creates(route: Route) -> None:
    if route.action != "create":
        raise RefusedError(404, "not found")


def _no_constant(name: str) -> None:
    raise ValueError(name)
