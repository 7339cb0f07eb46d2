"""One API request, known and let in: does what its route says and logs it, in one transaction.

Imports acts, answers, the ledger, the log; knows nothing of faults or sockets.
"""

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from integrations.sandbox import acts, answers, ledger, records, requestlog
from integrations.sandbox.acts import Order
from integrations.sandbox.assumptions import Assumptions
from integrations.sandbox.messages import Answer, Document, RefusedError, as_answer
from integrations.sandbox.records import Record
from integrations.sandbox.requestlog import Sighting, Touched
from integrations.sandbox.routes import Route
from integrations.sandbox.store import Store
from integrations.sandbox.webhooks.outbox import Outbox
from integrations.sandbox.workbench import Workbench

CREATE_ONLY = {"account_types", "endpoints"}
"""Resources of which only the create is documented; each has a switch of its name."""


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
    outbox: Outbox

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
                bench = Workbench(tx, self.account, self.switches, key_fingerprint=self.seen.key_fingerprint)
                answer, touched = self._act(bench, quirks)
                noted = self.outbox.note(bench)
                self._log(tx, line, shown(answer.status), touched)
            self.outbox.ring(bench, noted)
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

    def _act(self, bench: Workbench, quirks: frozenset[str]) -> tuple[Answer, Touched]:
        route, host = self.route, self.seen.call.host
        if route.resource.name in CREATE_ONLY and self.switches[route.resource.name] == "create_only":
            _only_creates(route)
        if route.action == "list":
            return answers.page_of(bench, route, self.seen.call, quirks), None
        if route.action == "quick_pay":
            invoice, payment = acts.quick_pay(bench, self._body())
            ledger.settle(bench)
            status = int(self.switches["create_status"])
            return answers.quick_pay(bench, host, invoice, payment, status), ("payments", payment.id)
        record, status = self._one(bench)
        if bench.stale:
            # What is answered must carry the figures that follow from the write.
            ledger.settle(bench)
            record = records.find(bench.tx, record.resource, record.id) or record
        touched = (record.resource, record.id) if route.action != "get" else None
        if route.action == "download":
            return answers.download(record), None
        return (Answer(204) if status == 204 else answers.one(bench, host, record, status)), touched

    def _one(self, bench: Workbench) -> tuple[Record, int]:
        route, switches = self.route, self.switches
        if route.action == "create":
            return acts.create(bench, route.resource, self._order()), int(switches["create_status"])
        if route.action == "create_import_batch":
            return acts.import_batch(bench, self._body()), int(switches["create_status"])
        record = bench.own(route.resource.name, route.record_id)
        if route.action == "update":
            return acts.update(bench, record, self._order()), 200
        if route.action == "delete":
            return acts.delete(bench, record), int(switches["delete_status"])
        return record, 200

    def _order(self) -> Order:
        """The object below the root key, and what stands beside it. Raises RefusedError 400."""
        body, root = self._body(), self.route.resource.singular
        sent = body.get(root)
        if not isinstance(sent, dict):
            raise RefusedError(400, f"param is missing or the value is empty: {root}")
        return Order(sent, body)

    def _body(self) -> Document:
        """The JSON object sent. Raises RefusedError 400."""
        call = self.seen.call
        if call.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            raise RefusedError(400, "the content type must be application/json")
        try:
            body = json.loads(call.body, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            raise RefusedError(400, "the body is not JSON") from None
        if not isinstance(body, dict):
            raise RefusedError(400, "the body must be an object")
        return body


def _only_creates(route: Route) -> None:
    if route.action != "create":
        raise RefusedError(404, "not found")


def _no_constant(name: str) -> None:
    raise ValueError(name)
