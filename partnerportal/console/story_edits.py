"""The edits of a record, from its history (pghistory): was and now by label. An SSN only says "changed".

Imports records, accounts and the audit's masking.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from partnerportal.accounts.models import Staff
from partnerportal.audit import masking
from partnerportal.console import formats
from partnerportal.console.audit_words import by
from partnerportal.console.normal import PHONES
from partnerportal.console.story_item import Change, Item
from partnerportal.kernel.ids import short_id
from partnerportal.kernel.money import dollars
from partnerportal.records.models import Practice

_VERBS = {"insert": ("add_circle", "Added"), "update": ("edit", "Changed"), "delete": ("delete", "Deleted")}
_SSN = "ssn_fingerprint"
EMPTY = "empty"
# Columns that hold another record's key, and its noun: it stands there by its short id.
_NOUNS = {
    **{noun: noun for noun in ("enterprise", "patient", "doctor", "invoice", "payment", "write_off_code")},
    "account_type": "account_type",
    "reason": "payment_reason",
}


def edits(record: Any, until: datetime | None, limit: int, reveal: bool) -> Iterator[Item]:
    """Newest first. Each is compared with the one before it, so one more than `limit` is read."""
    if not hasattr(type(record), "pgh_event_model"):
        return  # codes keep no history
    events = type(record).pgh_event_model.objects.filter(pgh_obj_id=record.pk)
    events = events.order_by("-pgh_id").select_related("pgh_context")
    if until is not None:
        events = events.filter(pgh_created_at__lt=until)
    rows = list(events[: limit + 1])
    people = _people(rows)
    for newer, older in zip(rows[:limit], [*rows[1:], None], strict=False):
        changes = _changes(record, older, newer, reveal) if newer.pgh_label == "update" else []
        if changes or newer.pgh_label != "update":
            yield _item(newer, changes, people)


def _item(event: Any, changes: list[Change], people: dict[int, str]) -> Item:
    icon, verb = _VERBS.get(event.pgh_label, ("edit", "Changed"))
    labels = ", ".join(_within(change.label) for change in changes)
    sentence = f"{verb}: {labels}" if changes else f"{verb} here"
    who, cause = _who(event, people)
    return Item(event.pgh_created_at, "edit", icon, sentence, who=who, cause=cause, changes=changes)


def _within(label: str) -> str:
    """A label inside a sentence: lower case, but "SSN", "ZIP" and the vendor's name stay."""
    return label if label[:2].isupper() or label.startswith("Inbox Health") else label[:1].lower() + label[1:]


def _changes(record: Any, older: Any, newer: Any, reveal: bool) -> list[Change]:
    if older is None:
        return []
    names = [f.name for f in newer._meta.fields if not f.name.startswith("pgh_") and f.name != "id"]
    return [
        _change(record, name, _value(older, name), _value(newer, name), reveal)
        for name in names
        if _value(older, name) != _value(newer, name)
    ]


def _value(event: Any, name: str) -> Any:
    return getattr(event, event._meta.get_field(name).attname)


def _change(record: Any, name: str, was: Any, now: Any, reveal: bool) -> Change:
    if name == _SSN:
        return Change("SSN", values=False)
    label = str(record._meta.get_field(name).verbose_name)
    return Change(label[:1].upper() + label[1:], _shown(name, was, reveal), _shown(name, now, reveal))


def _shown(name: str, value: Any, reveal: bool) -> str:
    if value in (None, ""):
        return EMPTY
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name == "practice":
        return _practice(value)
    if name in _NOUNS:
        return short_id(_NOUNS[name], value)
    if name.endswith("_cents"):
        return dollars(value)
    if isinstance(value, date) and name != "date_of_birth":
        return formats.day(value)
    if isinstance(value, date) and reveal:
        return formats.birth(value).partition(" (")[0]
    if name in PHONES and reveal:
        return formats.phone(str(value))
    return str(masking.page_data({name: str(value)}, reveal=reveal)[name])


def _practice(pk: int) -> str:
    found = Practice.objects.light().filter(pk=pk).values_list("name", flat=True).first()
    return f"{found} ({short_id('practice', pk)})" if found else short_id("practice", pk)


def _people(events: list[Any]) -> dict[int, str]:
    ids = [found for event in events if (found := _context(event).get("user")) is not None]
    return dict(Staff.objects.filter(pk__in=ids).values_list("pk", "username"))


def _context(event: Any) -> dict[str, Any]:
    return event.pgh_context.metadata if event.pgh_context else {}


def _who(event: Any, people: dict[int, str]) -> tuple[str, str]:
    """The person whose request changed it; else who the work said it is for; else the portal itself.

    With the short id of what brought it without a click, or "".
    """
    context = _context(event)
    if context.get("user") in people:
        return people[context["user"]], ""
    return by(context["actor"], context.get("cause", "")) if context.get("actor") else ("the portal", "")
