"""The way of every API request: known? within the limit? a route? to go wrong? then done.

Imports everything below the server; owns the order of these questions.
"""

from dataclasses import replace

from integrations.sandbox import misbehaviour, requestlog, routes
from integrations.sandbox.conditions import Conditions
from integrations.sandbox.door import Caller, Door, sent_fingerprint
from integrations.sandbox.job import Job
from integrations.sandbox.limits import Meter
from integrations.sandbox.messages import Answer, Call, RefusedError, Reply, as_answer
from integrations.sandbox.requestlog import Sighting
from integrations.sandbox.store import Store
from integrations.sandbox.webhooks.outbox import Outbox


class Api:
    def __init__(
        self, store: Store, door: Door, meter: Meter, conditions: Conditions, outbox: Outbox
    ) -> None:
        self._store = store
        self._door = door
        self._meter = meter
        self._outbox = outbox
        self._limits = conditions.limits
        self._faults = conditions.faults
        self._switches = conditions.switches

    def handle(self, call: Call) -> Reply:
        self._meter.tick()
        route = routes.match(call.method, call.path)
        seen = Sighting(call, route.operation if route else None, sent_fingerprint(call))
        try:
            caller = self._door.identify(call)
        except RefusedError as problem:
            return self._refuse(seen, as_answer(problem, self._switches))
        wait = self._limits.take(self._bucket(caller))
        if wait is not None:
            return self._refuse(seen, misbehaviour.too_many(self._retry_after(wait)))
        if route is None:
            return self._refuse(seen, as_answer(RefusedError(404, "not found"), self._switches))
        fault = self._faults.take(route.operation, call.method, route.action)
        if fault is not None:
            seen = replace(seen, fault=fault.kind)
        job = Job(self._store, self._switches, seen, route, caller.account, self._outbox)
        return Reply(job.perform()) if fault is None else misbehaviour.act(job, fault)

    def _bucket(self, caller: Caller) -> str:
        per_key = self._switches["limit_scope"] == "key" and caller.key_fingerprint
        return caller.key_fingerprint or "" if per_key else f"account {caller.account}"

    def _retry_after(self, wait: float) -> float | None:
        manner = self._switches["retry_after"]
        sends = manner == "always" or (manner == "sometimes" and self._limits.refused % 2 == 1)
        return wait if sends else None

    def _refuse(self, seen: Sighting, answer: Answer) -> Reply:
        with self._store.transaction() as tx:
            requestlog.note(tx, seen, answer.status)
        return Reply(answer)
