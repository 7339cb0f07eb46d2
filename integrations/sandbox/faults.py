"""Which request is to go wrong, and how: scripted, seeded, repeatable. Imports nothing of the sandbox.

What each kind does is in misbehaviour.py.
"""

import random
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

ON_LISTS = frozenset({"filter_ignored", "sort_ignored"})
KINDS = {
    "429": "refused as over the limit; retry_after: seconds, none by default",
    "500_before": "a 500, nothing done",
    "500_after": "committed, then a 500",
    "drop_before": "the connection is reset, nothing done",
    "drop_after": "committed, then the connection is reset",
    "late": "no answer, and committed `delay` s later; connection: hang (default) or drop",
    "held": "no answer, and committed when POST /_sandbox/release is called; connection as for late",
    "hang": "never answered, nothing done",
    "drip": "committed, answered a byte every `interval` s",
    "half": "committed, half the answer, then closed",
    "html": "committed, then a page of HTML; status: 502 by default",
    "html_before": "a page of HTML, nothing done; status: 502 by default",
    "filter_ignored": "a list as if no filter had been sent",
    "sort_ignored": "a list as if no order had been asked for",
    "slow": "answered after `delay` s",
    "refuse_key": "401, as for a key that was revoked",
    "refuse": "refused as not valid; attribute: base by default, message: is invalid by default",
}
EVENT_KINDS = {
    "event_lose": "an event is never sent",
    "event_repeat": "an event is sent again, `copies` more times",
    "event_delay": "an event is sent `delay` s late",
    "event_shuffle": "an event, and each copy of it, is sent at some time within `window` s",
    "event_forge": "a forged event comes first; manner: wrong_key, altered_body, unsigned, other_url",
    "event_faster_than_answer": "an event arrives before the request that caused it is answered",
}
NUMBERS: dict[str, float | None] = {
    "delay": 1.0,
    "interval": 0.2,
    "status": 502,
    "retry_after": None,
    "copies": 1,
    "window": 2.0,
}
WORDS = {"connection": {"hang", "drop"}, "manner": {"wrong_key", "altered_body", "unsigned", "other_url"}}


@dataclass
class Fault:
    """One line of the script; `seen` and `fired` count the requests that matched and that went wrong.

    `operation` of an event's fault is matched with the event's type. `chance` is the line's own dice, `held`
    what waits to be released.
    """

    id: int
    kind: str
    operation: str = "*"
    count: int | None = None
    probability: float = 1.0
    seed: int = 0
    after: int = 0
    parameters: dict[str, Any] = field(default_factory=dict)
    seen: int = 0
    fired: int = 0
    held: list[Callable[[], object]] = field(default_factory=list)

    def __post_init__(self) -> None:
        # Repeatable on purpose: the same seed must hit the same requests again.
        self.chance = random.Random(self.seed)  # noqa: S311

    def concerns(self, operation: str, method: str, action: str) -> bool:
        if self.kind in EVENT_KINDS or (self.kind in ON_LISTS and action != "list"):
            return False
        return self.operation in {method, action} or fnmatchcase(operation, self.operation)

    def fires(self) -> bool:
        """Asked once for each request it concerns, in the order of their coming."""
        self.seen += 1
        if self.seen <= self.after or (self.count is not None and self.fired >= self.count):
            return False
        if self.probability < 1 and self.chance.random() >= self.probability:
            return False
        self.fired += 1
        return True

    def number(self, name: str) -> float:
        return float(self.parameters.get(name, NUMBERS[name]) or 0)

    def as_dict(self) -> dict[str, Any]:
        fields = ("id", "kind", "operation", "count", "probability", "seed", "after", "seen", "fired")
        return {**{name: getattr(self, name) for name in fields}, **self.parameters}


def parse(number: int, wanted: object) -> Fault:
    """A fault from its JSON. Raises ValueError, saying what is wrong."""
    if not isinstance(wanted, dict) or wanted.get("kind") not in KINDS | EVENT_KINDS:
        raise ValueError(f"a fault is an object with a kind, one of: {', '.join(KINDS | EVENT_KINDS)}")
    fields: dict[str, Any] = dict(wanted)
    own = {name: fields.pop(name) for name in ("operation", "kind") if name in fields}
    if not all(isinstance(value, str) for value in own.values()):
        raise ValueError("operation is a text: patients.create, create, POST or *")
    numbers: dict[str, Any] = {
        name: fields.pop(name) for name in ("count", "probability", "seed", "after") if name in fields
    }
    _check_numbers(numbers | {name: fields[name] for name in NUMBERS if name in fields})
    unknown = fields.keys() - NUMBERS.keys() - WORDS.keys() - {"attribute", "message"}
    unknown |= {name for name, allowed in WORDS.items() if fields.get(name, min(allowed)) not in allowed}
    if unknown:
        raise ValueError(f"not understood in a fault: {', '.join(sorted(unknown))}")
    return Fault(number, **own, **numbers, parameters=fields)


def _check_numbers(numbers: dict[str, Any]) -> None:
    for name, value in numbers.items():
        whole = name in {"count", "after", "seed", "status", "copies"}
        if isinstance(value, bool) or not isinstance(value, int if whole else int | float) or value < 0:
            raise ValueError(f"{name} is a {'whole ' if whole else ''}number of at least 0")


class FaultBook:
    """The script. The first line that concerns a request and fires is the one that happens."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._last = 0
        self.fired: Counter[str] = Counter()

    def add(self, wanted: object) -> Fault:
        with self._lock:
            fault = parse(self._last + 1, wanted)
            self._last = fault.id
            self._faults.append(fault)
            return fault

    def take(self, operation: str, method: str, action: str) -> Fault | None:
        with self._lock:
            for fault in self._faults:
                if fault.concerns(operation, method, action) and fault.fires():
                    self.fired[fault.kind] += 1
                    return fault
        return None

    def of_event(self, event_type: str) -> list[Fault]:
        """All lines that fire for an event: it may be both delayed and repeated."""
        with self._lock:
            found = [
                fault
                for fault in self._faults
                if fault.kind in EVENT_KINDS and fnmatchcase(event_type, fault.operation) and fault.fires()
            ]
            self.fired.update(fault.kind for fault in found)
        return found

    def release(self) -> int:
        """Let every request that is held take effect now, in the order of their coming; how many."""
        with self._lock:
            waiting = [fault.held.pop(0) for fault in self._faults for _ in range(len(fault.held))]
        for act in waiting:
            act()
        return len(waiting)

    def all(self) -> list[dict[str, Any]]:
        with self._lock:
            return [fault.as_dict() for fault in self._faults]

    def remove(self, number: int | None = None) -> None:
        """One, or all of them."""
        with self._lock:
            self._faults = [one for one in self._faults if number is not None and one.id != number]
