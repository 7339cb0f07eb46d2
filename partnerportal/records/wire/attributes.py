"""Attributes of a noun on the wire, and the comparisons that decide what is sent. Pure: rows are duck-typed.

*ours* is the row's column, *acknowledged* what was sent and answered per attribute, *remote* the last
answer. dirty = ours ≠ sent; changed there = remote ≠ answered; both on one attribute = conflict. So is what
an update of ours said whose answer never came (*unsure*): it may have landed late, over a newer one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from partnerportal.records.wire import canonical
from partnerportal.records.wire.canonical import Canonical, Form

_NOTHING = object()


def _as_it_is(value: Any) -> Any:
    return value


@dataclass(frozen=True)
class Attribute:
    """One attribute. `name` is the vendor's; `field` ours, where it differs; `label` what staff read."""

    name: str
    label: str
    form: Form = canonical.text
    field: str = ""
    required: bool = False
    secret: bool = False  # masked wherever it is shown
    out: Callable[[Any], Any] = _as_it_is  # canonical form → the form sent
    create_only: bool = False  # said once; a later difference is not sent

    def ours(self, row: Any) -> Any:
        value = getattr(row, self.field or self.name)
        return float(value) if isinstance(value, Decimal) else value


class Row(Protocol):
    """What the comparisons need of a mirror row."""

    remote: dict[str, Any] | None
    acknowledged: dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Wire:
    """A noun's attributes, and the names under which the API knows it."""

    noun: str  # "patient": the root key
    resource: str  # "patients"
    attributes: tuple[Attribute, ...]

    def values(self, row: Any) -> dict[str, Canonical]:
        """Our values in canonical form, by attribute."""
        return {a.name: a.form(a.ours(row)) for a in self.sendable(row)}

    def sendable(self, row: Any) -> Iterable[Attribute]:
        allowed = getattr(row, "may_send", None)
        return [a for a in self.attributes if allowed is None or allowed(a.name)]

    def dirty(self, row: Any) -> list[str]:
        """Attributes whose value here is not what was last sent; all that have one where nothing was."""
        ack, ours = row.acknowledged or {}, self.values(row)
        once = {a.name for a in self.attributes if a.create_only} if row.remote_id is not None else set()
        return [
            n
            for n, value in ours.items()
            if n not in once and value != self._form(n)(ack.get(n, {}).get("sent"))
        ]

    def changed_there(self, row: Any) -> list[str]:
        """Attributes whose value at Inbox Health is not what it last answered us."""
        ack, remote = row.acknowledged or {}, row.remote or {}
        return [
            a.name
            for a in self.attributes
            if a.name in remote
            and a.name in ack
            and a.form(remote[a.name]) != a.form(ack[a.name].get("answered"))
        ]

    def conflicts(self, row: Any) -> list[str]:
        """Attributes for a person to decide: changed on both sides, or there by a late request of ours."""
        dirty, ours = set(self.dirty(row)), self.values(row)
        remote, late = row.remote or {}, set(self.landed_late(row, row.remote or {}))
        return [
            n
            for n in self.changed_there(row)
            if (n in dirty or n in late) and n in ours and ours[n] != self._form(n)(remote.get(n))
        ]

    def landed_late(self, row: Any, remote: Mapping[str, Any]) -> list[str]:
        """Attributes whose value there is not the last answered, but one that is unsure."""
        return [
            a.name
            for a in self.attributes
            if (known := (row.acknowledged or {}).get(a.name, {})).get("unsure")
            and a.name in remote
            and (there := a.form(remote[a.name])) != a.form(known.get("answered"))
            and there in [a.form(value) for value in known["unsure"]]
        ]

    def doubt(self, before: Mapping[str, dict[str, Any]], sent: Mapping[str, Any]) -> dict[str, Any]:
        """The acknowledged values after an update without an answer: what it said may land at any time."""
        unsure = {n: [*before[n].get("unsure", []), value] for n, value in sent.items() if n in before}
        return {**before, **{n: {**before[n], "unsure": values} for n, values in unsure.items()}}

    def seen(self, before: Mapping[str, dict[str, Any]], found: Mapping[str, Any]) -> dict[str, Any]:
        """The same after `found` stood there: a request lands once, so each value in it is unsure no more."""
        return {n: self._seen(n, known, found) if n in found else known for n, known in before.items()}

    def _seen(self, name: str, known: dict[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
        form, unsure = self._form(name), list(known.get("unsure", []))
        landed = next((value for value in unsure if form(value) == form(found[name])), _NOTHING)
        if landed is _NOTHING:
            return known
        unsure.remove(landed)
        return {**known, "unsure": unsure} if unsure else {n: v for n, v in known.items() if n != "unsure"}

    def differing(self, row: Any) -> list[str]:
        """Attributes that one side or both changed and whose value here is not the one there.

        What the API filled in by itself where nothing was sent is no difference.
        """
        ours, remote = self.values(row), row.remote or {}
        once = {a.name for a in self.attributes if a.create_only}
        moved = [n for n in dict.fromkeys([*self.dirty(row), *self.changed_there(row)]) if n not in once]
        return [n for n in moved if n in remote and n in ours and ours[n] != self._form(n)(remote[n])]

    def create_payload(self, row: Any) -> dict[str, Any]:
        """Everything that has a value, in the form sent."""
        return {n: self._out(n, value) for n, value in self.values(row).items() if value is not None}

    def update_payload(self, row: Any) -> dict[str, Any]:
        """Only what is dirty; a value that was cleared is sent as null, a conflict only once decided."""
        ours, undecided = self.values(row), set(self.conflicts(row))
        return {n: self._out(n, ours[n]) for n in self.dirty(row) if n not in undecided}

    def acknowledge(
        self,
        before: Mapping[str, dict[str, Any]],
        sent: Mapping[str, Any],
        answer: Mapping[str, Any],
        *,
        created: bool,
    ) -> dict[str, dict[str, Any]]:
        """The acknowledged values after an accepted write: per attribute what was sent, what was answered."""
        after = dict(before)
        for attribute in self.attributes:
            name = attribute.name
            if created or name in sent:
                after[name] = {**before.get(name, {}), "sent": sent.get(name), "answered": answer.get(name)}
        return after

    def same_content(self, sent: Mapping[str, Any], found: Mapping[str, Any]) -> list[str]:
        """Attributes of `sent` that `found` holds differently: none means the same content."""
        forms = {a.name: a.form for a in self.attributes}
        return [n for n, value in sent.items() if n in forms and forms[n](value) != forms[n](found.get(n))]

    def label(self, name: str) -> str:
        return next((a.label for a in self.attributes if a.name == name), name)

    def attribute(self, name: str) -> Attribute:
        return next(a for a in self.attributes if a.name == name)

    def _form(self, name: str) -> Form:
        return self.attribute(name).form

    def _out(self, name: str, value: Canonical) -> Any:
        return None if value is None else self.attribute(name).out(value)
