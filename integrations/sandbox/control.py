"""`/_sandbox/…`: looking at and steering the sandbox, for callers on this machine only; no key is needed.

Imports everything below the server.
"""

import json
from collections.abc import Callable
from typing import Any, NoReturn
from urllib.parse import parse_qs, unquote

from integrations.sandbox import ledger, records, requestlog
from integrations.sandbox.conditions import Conditions
from integrations.sandbox.insider import Insider
from integrations.sandbox.keys import MAIN, Keys, reseed
from integrations.sandbox.limits import Meter
from integrations.sandbox.messages import Answer, Call, Document, RefusedError, as_json
from integrations.sandbox.store import Store
from integrations.sandbox.webhooks import dispatches, telling
from integrations.sandbox.webhooks.dispatches import Event
from integrations.sandbox.webhooks.outbox import Outbox

ROOT = "/_sandbox/"
MOST_LINES = 1_000_000


class Control:
    def __init__(
        self, store: Store, keys: Keys, meter: Meter, conditions: Conditions, outbox: Outbox, insider: Insider
    ) -> None:
        self._store = store
        self._keys = keys
        self._meter = meter
        self._outbox = outbox
        self._insider = insider
        self._open = conditions.open_control
        self._limits = conditions.limits
        self._faults = conditions.faults
        self._switches = conditions.switches
        self._calls: dict[tuple[str, str], Callable[[Call, list[str]], object]] = {
            ("GET", "state"): self._state,
            ("GET", "requests"): self._requests,
            ("GET", "records"): self._records,
            ("PUT", "records"): self._edit,
            ("POST", "records"): self._make,
            ("GET", "faults"): lambda call, rest: {"faults": self._faults.all()},
            ("POST", "faults"): self._add_faults,
            ("DELETE", "faults"): self._remove_faults,
            ("POST", "release"): lambda call, rest: {"released": self._faults.release()},
            ("POST", "keys"): self._add_key,
            ("DELETE", "keys"): self._revoke,
            ("POST", "reset"): self._reset,
            ("GET", "events"): self._events,
            ("POST", "events"): self._send_events,
            ("POST", "assume"): self._assume,
        }

    def handle(self, call: Call) -> Answer:
        """Answers JSON; 403 from elsewhere, 404 for what it does not know, 400 for what it can't read."""
        name, *rest = call.path.removeprefix(ROOT).strip("/").split("/")
        act = self._calls.get((call.method, name))
        try:
            if not (self._open or call.client.startswith("127.") or call.client == "::1"):
                raise RefusedError(403, "only for callers on this machine")
            if act is None:
                raise RefusedError(404, "no such call")
            return as_json(act(call, rest))
        except RefusedError as problem:
            return as_json({"errors": problem.errors}, problem.status)
        except ValueError as refusal:
            return as_json({"errors": {"base": [str(refusal)]}}, 400)

    def _state(self, call: Call, rest: list[str]) -> Document:
        with self._store.transaction() as tx:
            counts, events = records.counts(tx), dispatches.counts(tx)
        return {
            "events": events,
            "instance": self._store.instance,
            "records": counts,
            "requests": self._meter.total,
            "requests_per_second": self._meter.rate(),
            "too_many_requests": self._limits.refused,
            "faults_fired": dict(self._faults.fired),
            "rate": self._limits.rate,
            "burst": self._limits.burst,
            "assumptions": self._switches.values(),
        }

    def _requests(self, call: Call, rest: list[str]) -> Document:
        asked = parse_qs(call.query)
        line, limit = int(asked.get("since", ["0"])[0]), int(asked.get("limit", [str(MOST_LINES)])[0])
        with self._store.transaction() as tx:
            return {"requests": requestlog.since(tx, line, limit)}

    def _records(self, call: Call, rest: list[str]) -> Document:
        with self._store.transaction() as tx:
            return {"records": [raw(record) for record in records.every(tx, rest[0] if rest else "")]}

    def _edit(self, call: Call, rest: list[str]) -> Document:
        """Someone edits a record at the vendor's: unchecked, unlimited, with a new updated_at."""
        if len(rest) != 2 or not rest[1].isdigit():
            raise RefusedError(404, "no such record")
        return raw(self._insider.edit(rest[0], int(rest[1]), _body(call)))

    def _make(self, call: Call, rest: list[str]) -> Document:
        """Someone makes a record at the vendor's, of the main account; a card payment, say."""
        return raw(self._insider.make("/".join(rest), _body(call)))

    def _events(self, call: Call, rest: list[str]) -> Document:
        """Every event on its way to every endpoint, by state."""
        asked = parse_qs(call.query)
        line, state = int(asked.get("since", ["0"])[0]), asked.get("state", [None])[0]
        with self._store.transaction() as tx:
            found = dispatches.since(tx, line, state)
            told = {one.id: one for one in dispatches.events(tx, 0, MOST_LINES * MOST_LINES)}
        return {"events": [self._told(row, told[row["event"]]) for row in found]}

    def _told(self, row: Document, event: Event) -> Document:
        about = {name: getattr(event, name) for name in ("event_type", "resource", "record_id")}
        return {**row, **about, "body": telling.body(event, self._switches)}

    def _send_events(self, call: Call, rest: list[str]) -> Document:
        """`events/resend` and `events/replay`: see the outbox."""
        if rest not in (["resend"], ["replay"]):
            raise RefusedError(404, "no such call")
        act = self._outbox.resend if rest == ["resend"] else self._outbox.replay
        with self._store.transaction() as tx:
            found = act(tx, _body(call))
        self._outbox.hand_over(found)
        return {"sending": len(found)}

    def _add_faults(self, call: Call, rest: list[str]) -> Document:
        body = json.loads(call.body or b"{}")
        return {
            "faults": [
                self._faults.add(one).as_dict() for one in (body if isinstance(body, list) else [body])
            ]
        }

    def _remove_faults(self, call: Call, rest: list[str]) -> Document:
        self._faults.remove(int(rest[0]) if rest else None)
        return {"faults": self._faults.all()}

    def _add_key(self, call: Call, rest: list[str]) -> Document:
        account = str(_body(call).get("account") or MAIN)
        return {"api_key": self._keys.add(account), "account": account}

    def _revoke(self, call: Call, rest: list[str]) -> Document:
        if not rest or not self._keys.revoke(unquote("/".join(rest))):
            raise RefusedError(404, "no such key")
        return {"revoked": True}

    def _reset(self, call: Call, rest: list[str]) -> Document:
        """As at the start, but keys stay. `{"new_instance": true}` makes it another environment."""
        self._faults.remove()
        self._switches.restore()
        self._limits.reset()
        self._store.wipe(new_instance=bool(_body(call).get("new_instance")))
        with self._store.transaction() as tx:
            reseed(tx)
        self._outbox.forget()
        return {"instance": self._store.instance}

    def _assume(self, call: Call, rest: list[str]) -> Document:
        """`{"meta": "absent"}`: turns switches while it runs."""
        turned = _body(call)
        for name, value in turned.items():
            self._switches.turn(name, str(value))
        if ledger.SWITCHES & turned.keys():
            self._insider.reckon_anew()
        return {"assumptions": self._switches.values()}


def _body(call: Call) -> dict[str, Any]:
    body = json.loads(call.body or b"{}")
    return body if isinstance(body, dict) else _no_object()


def _no_object() -> NoReturn:
    raise ValueError("the body must be an object")


def raw(record: records.Record) -> Document:
    own = {"id": record.id, "account": record.account, "enterprise_id": record.enterprise_id}
    return {**record.document, **own, "hidden": record.hidden}
