"""All that a push sets going: the chosen records, what must go first, what goes within and what follows; and
how many requests that takes. Reads rows, writes none. Imports plan_bodies and records.

What only the run can tell is not in it: an answer that is refused, a list of several pages, an edit there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from partnerportal.delivery.plan_bodies import body_of, digest, planned, starts_statements
from partnerportal.records import matching
from partnerportal.records.models import (
    MONEY,
    RECORDS,
    Enterprise,
    Invoice,
    LineItem,
    Mirror,
    Payment,
    Practice,
)

Key = tuple[str, int]  # noun and primary key
SENDABLE = ("create", "update")
CHOSEN, FIRST, WITHIN, FOLLOWS = "", "first", "within", "follows"  # why a record goes
WRITES, LOOKS, PRACTICES, LINES, LISTS, BALANCES = (
    "writes",
    "looks",
    "practices",
    "lines",
    "lists",
    "balances",
)
_CHUNK = 1000
_BELOW = ("practice", "doctor", "patient")  # lists that are read of an adopted enterprise


@dataclass
class Line:
    """One record. `needs`: what has to be there first; `within`: whose request carries it."""

    noun: str
    pk: int
    enterprise: int
    version: int
    act: str  # create update unchanged not_valid busy
    why: str
    is_new: bool = True  # not at Inbox Health
    digest: str = ""
    statement: bool = False
    needs: list[Key] = field(default_factory=list)
    within: Key | None = None
    held: bool = False  # what it needs can't be sent, or a person decides first

    @property
    def goes(self) -> bool:
        return self.act in SENDABLE and not self.held


class Forecast:
    """`lines` by key, parents before their children. `requests`: how many of each kind."""

    def __init__(self, chosen: Mapping[str, Any]) -> None:
        self._found: dict[Key, Line] = {}
        self._reads: dict[str, dict[int, list[tuple[Key, int]]]] = defaultdict(dict)
        self._wanted: dict[str, dict[int, str]] = defaultdict(dict)
        for noun, queryset in chosen.items():
            self._take(noun, queryset, {}, CHOSEN)
        while self._wanted:
            noun = next(name for name in RECORDS if name in self._wanted)
            whys = {pk: why for pk, why in self._wanted.pop(noun).items() if (noun, pk) not in self._found}
            pks = sorted(whys)
            for start in range(0, len(pks), _CHUNK):
                some = pks[start : start + _CHUNK]
                self._take(noun, RECORDS[noun].objects.filter(pk__in=some), whys, FIRST)
        order = {noun: place for place, noun in enumerate(RECORDS)}
        by_place = sorted(self._found.items(), key=lambda one: (order[one[0][0]], one[0][1]))
        self.lines: dict[Key, Line] = dict(by_place)
        self._hold()

    @property
    def requests(self) -> dict[str, int]:
        going = [line for line in self.lines.values() if line.goes and line.within is None]
        looks = sum(line.act == "update" and line.noun != "endpoint" for line in going)
        kinds = {kind: sum(map(self._takes, read.values())) for kind, read in self._reads.items()}
        return {WRITES: len(going), LOOKS: looks, **kinds}

    def _takes(self, owners: list[tuple[Key, int]]) -> int:
        """A reading happens once, where one of those that bring it about goes."""
        return max((number for owner, number in owners if self.lines[owner].goes), default=0)

    def _take(self, noun: str, queryset: Any, whys: Mapping[int, str], why: str) -> None:
        for row in planned(queryset):
            line = _line(row, whys.get(row.pk, why))
            self._found[noun, row.pk] = line
            if line.act in SENDABLE:
                self._follow(row, line)

    def _follow(self, row: Any, line: Line) -> None:
        key = (line.noun, line.pk)
        enterprise = None if isinstance(row, Enterprise) else getattr(row, "enterprise", None)
        for parent in ([enterprise] if enterprise is not None else []) + row.parents():
            if parent.remote_id is None:
                line.needs.append((parent.noun, parent.pk))
                self._want(parent.noun, parent.pk, FIRST)
        if line.act == "create":
            self._created(row, line, enterprise)
        if isinstance(row, Payment):
            for pk in row.applications.filter(remote_id=None, deleted=False).values_list("pk", flat=True):
                self._want("invoice_payment", pk, FOLLOWS)
        if row.noun in MONEY and row.account_pk is not None:
            self._read(BALANCES, row.account_pk, key)

    def _created(self, row: Any, line: Line, enterprise: Enterprise | None) -> None:
        """What goes within a create, and what is read before and after it."""
        key = (line.noun, line.pk)
        if isinstance(row, Enterprise):
            self._read(PRACTICES, row.pk, key)
            if matching.floor_of("enterprise") is None:
                self._read(LISTS, row.pk, key)
            for pk in row.practices.filter(remote_id=None, not_valid=[]).values_list("pk", flat=True):
                self._want("practice", pk, WITHIN)
        if isinstance(row, Invoice):
            lines = list(row.lines.filter(remote_id=None, deleted=False).values_list("pk", flat=True))
            for pk in lines:
                self._want("line_item", pk, WITHIN)
            if lines:
                self._read(LINES, row.pk, key)
        if isinstance(row, Practice) and enterprise is not None and enterprise.remote_id is None:
            line.within = ("enterprise", enterprise.pk)
        if isinstance(row, LineItem):
            self._line_alone(row, line)
        if enterprise is not None and enterprise.remote_id is not None:
            self._lists_first(row, line, enterprise)

    def _line_alone(self, row: LineItem, line: Line) -> None:
        if row.invoice.remote_id is None:
            line.within = ("invoice", row.invoice_id)
        elif row.invoice.lines_read_at is None:
            self._read(LINES, row.invoice_id, (line.noun, line.pk))

    def _lists_first(self, row: Any, line: Line, enterprise: Enterprise) -> None:
        """Of an enterprise that is there, its practices, or all that it had before us, are read first."""
        key = (line.noun, line.pk)
        unread = {"practice": enterprise.practices_read_at, "doctor": enterprise.doctors_read_at}.get(
            row.noun, enterprise.patients_read_at
        )
        if isinstance(row, Practice) and enterprise.practices_read_at is None:
            self._read(PRACTICES, enterprise.pk, key)
        elif enterprise.adopted and row.noun not in MONEY and unread is None:
            self._read(LISTS, enterprise.pk, key, len(_BELOW))

    def _want(self, noun: str, pk: int, why: str) -> None:
        if (noun, pk) not in self._found:
            self._wanted[noun].setdefault(pk, why)

    def _read(self, kind: str, what: int, owner: Key, number: int = 1) -> None:
        self._reads[kind].setdefault(what, []).append((owner, number))

    def _hold(self) -> None:
        """Parents come first, so one pass carries it down."""
        for line in self.lines.values():
            needed = [self.lines[key] for key in line.needs if key in self.lines]
            line.held = line.held or any(one.act == "not_valid" or one.held for one in needed)


def _line(row: Mirror, why: str) -> Line:
    body = body_of(row)
    line = Line(row.noun, row.pk, row.enterprise_pk, row.version, act_of(row), why, row.remote_id is None)
    line.digest, line.statement = digest(body), starts_statements(body)
    line.held = bool(row.remote_id and row.conflicts and set(row.dirty) <= set(row.conflicts))
    return line


def act_of(row: Mirror) -> str:
    if row.delivery_state in ("pending", "waiting", "in_flight", "unknown", "undecided"):
        return "busy"
    if row.not_valid:
        return "not_valid"
    if row.remote_id is None:
        return "create"
    return "update" if row.dirty else "unchanged"


def items_of(found: Forecast) -> Iterator[Line]:
    """Chosen records of any act, and all others that go."""
    return (line for line in found.lines.values() if line.why == CHOSEN or line.goes)
