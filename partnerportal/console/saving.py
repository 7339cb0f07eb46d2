"""Saves a form: only what the person changed, and never over what somebody else saved meanwhile.

One transaction: row, version, entry. What the page showed is compared field by field, which is stricter than
comparing versions. Imports records, audit and the forms.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from partnerportal.audit import entries
from partnerportal.audit.context import Context
from partnerportal.audit.models import Entry
from partnerportal.console.forms import RecordForm
from partnerportal.console.normal import normal
from partnerportal.records.models import NOUNS, Mirror

THEIRS = "theirs"


@dataclass(frozen=True)
class Clash:
    """One field that somebody else saved while this person edited it."""

    name: str
    mine: Any
    theirs: Any


@dataclass(frozen=True)
class Meanwhile:
    """Who saved last, and when; None where nobody can be named."""

    who: str
    at: Any


class Gone(Exception):
    """The record was deleted while it was edited."""


def save_changes(
    form: RecordForm, context: Context, choices: dict[str, str]
) -> tuple[Mirror, list[str], list[Clash]]:
    """The record as saved, the fields that were, and the clashes. With a clash nothing is saved.

    `choices`: per field whose two values were shown, "mine", "theirs", or "" where nobody decided yet.
    Raises Gone.
    """
    with transaction.atomic():
        rows = NOUNS[form.noun].objects.select_for_update(of=("self",), no_key=True)
        row: Any = rows.filter(pk=form.instance.pk).first()
        if row is None:
            raise Gone
        wanted = {n: form.cleaned_data[n] for n in form.changed_fields() if choices.get(n) != THEIRS}
        if form.noun == "patient" and "ssn" in wanted and not wanted["ssn"]:
            del wanted["ssn"]  # the field is always empty at first: empty means untouched
        clashes = _clashes(form, row, wanted, choices)
        fields = [n for n, value in wanted.items() if getattr(row, n) != value]
        if clashes or not fields:
            return row, [], clashes
        for name in fields:
            setattr(row, name, wanted[name])
        row.version += 1
        row.save()
        entries.write(f"{form.noun}_edited", context, {"fields": fields})
    return row, fields, []


def _clashes(form: RecordForm, row: Any, wanted: dict[str, Any], choices: dict[str, str]) -> list[Clash]:
    """Changed here and meanwhile by somebody else, to another value; or shown as such and not decided."""
    return [
        Clash(name, value, getattr(row, name))
        for name, value in wanted.items()
        if name != "ssn" and (_meanwhile(form, row, name, value) or choices.get(name) == "")
    ]


def _meanwhile(form: RecordForm, row: Any, name: str, value: Any) -> bool:
    """What Inbox Health wrote, a phone number in its form, is compared in the form we keep."""
    return normal(name, getattr(row, name)) not in (form.was(name), value)


def add(form: RecordForm, context: Context) -> Mirror:
    """Insert a new record. `form.instance` carries its enterprise already."""
    row: Any = form.instance
    for name, value in form.cleaned_data.items():
        setattr(row, name, value or None if name == "ssn" else value)
    with transaction.atomic():
        row.save()
        about = context.about(
            record=row.record_name,
            enterprise=row.enterprise_pk,
            patient=row.pk if row.noun == "patient" else None,
        )
        entries.write(f"{form.noun}_added", about)
    saved: Mirror = row
    return saved


def saved_last(record: Mirror) -> Meanwhile | None:
    """Whose edit it was that came between."""
    entry = (
        Entry.objects.filter(record=record.record_name, action=f"{record.noun}_edited").order_by("id").last()
    )
    return Meanwhile(entry.actor.partition(":")[2] or entry.actor, entry.at) if entry else None
