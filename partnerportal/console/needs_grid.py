"""The rows of the grid that fixes many: a form each, of just the fields that were refused. Imports forms.

A row's form is the record's own one without its other fields, so that it says, keeps and compares the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.forms import BoundField
from django.http import HttpRequest

from partnerportal.audit import masking
from partnerportal.audit.context import Context
from partnerportal.console import saving
from partnerportal.console.forms import FORMS, RecordForm
from partnerportal.console.plan_rows import name_of
from partnerportal.delivery.models import Delivery
from partnerportal.records.models import NOUNS


@dataclass
class Row:
    """One record. `said`: {field: why it was refused}; `clash`: what somebody else saved meanwhile."""

    delivery: Delivery
    record: Any
    name: str
    said: dict[str, str]
    form: RecordForm
    posted: bool
    clashes: dict[str, str] = field(default_factory=dict)

    @property
    def troubled(self) -> bool:
        return bool(self.clashes) or (self.posted and bool(self.form.errors))

    def cells(self) -> list[tuple[BoundField, str, str]]:
        """(field, what was said of it, what somebody else saved) of each that can be mended here."""
        return [
            (self.form[name], self.said.get(name, ""), self.clashes.get(name, ""))
            for name in self.form.fields
        ]

    def snapshot(self) -> Iterator[tuple[str, str]]:
        yield from self.form.snapshot()


def rows_of(deliveries: list[Delivery], noun: str, request: HttpRequest) -> list[Row]:
    """The records in the order of their deliveries; one without a field to mend here has an empty form."""
    found = NOUNS[noun].objects.visible_to(request.user).in_bulk([d.record_id for d in deliveries])
    reveal = request.user.has_perm("accounts.reveal_phi")
    return [
        _row(d, found[d.record_id], request, reveal) for d in deliveries if d.record_id in found
    ]  # fmt: skip


def _row(delivery: Delivery, record: Any, request: HttpRequest, reveal: bool) -> Row:
    said = _said(delivery, record, reveal)
    prefix = f"r{record.pk}"
    posted = request.method == "POST" and str(record.pk) in request.POST.getlist("row")
    form = FORMS[record.noun](request.POST if posted else None, instance=record, prefix=prefix)
    for name in [name for name in form.fields if name not in said]:
        del form.fields[name]
    for name, bound in form.fields.items():
        bound.widget.attrs["aria-label"] = f"{bound.label or name} of {record.short_id}"
        bound.help_text = ""
    return Row(delivery, record, name_of(record), said, form, posted)


def _said(delivery: Delivery, record: Any, reveal: bool) -> dict[str, str]:
    """Why each field was refused, by the name of our field: by our own rules, or by Inbox Health."""
    if record.not_valid:
        return dict(record.not_valid)
    errors: dict[str, Any] = (delivery.detail or {}).get("errors", {})
    fields = {a.name: a.field or a.name for a in record.wire.attributes}
    fields |= {"practice_id": "practice", "account_type_id": "account_type"}
    told = {name: "; ".join(map(str, said)) for name, said in errors.items()}
    shown = {name: text if reveal else masking.quoted(text) for name, text in told.items()}
    return {fields.get(name, name): f"Inbox Health says: {text}" for name, text in shown.items()}


def columns(rows: list[Row]) -> list[str]:
    """The labels of the fields that some row shows."""
    names = {name: str(bound.label or name) for row in rows for name, bound in row.form.fields.items()}
    return list(names.values())


def save(rows: list[Row], context: Context) -> list[int]:
    """Save what was changed; the ids of the records that were and can be sent. Clashes stay on their rows."""
    fixed = []
    for row in rows:
        if not (row.posted and row.form.is_valid() and row.form.changed_fields()):
            continue
        about = context.about(
            record=row.record.record_name,
            enterprise=row.record.enterprise_pk,
            patient=row.record.pk if row.record.noun == "patient" else None,
        )
        saved, fields, clashes = saving.save_changes(row.form, about, {})
        if clashes:
            _show_theirs(row, saved, clashes)
        elif fields and not saved.not_valid:
            fixed.append(saved.pk)
        elif fields:
            _still_wrong(row, saved)
    return fixed


def _show_theirs(row: Row, saved: Any, clashes: list[saving.Clash]) -> None:
    """What was typed stays in the field; saving again takes it, now that theirs was shown."""
    who = saving.saved_last(saved)
    for clash in clashes:
        row.clashes[clash.name] = (
            f"{who.who if who else 'Somebody'} saved {clash.theirs or 'nothing'} meanwhile"
        )
    _as_stored(row, saved)


def _still_wrong(row: Row, saved: Any) -> None:
    problems = dict(saved.not_valid)
    _as_stored(row, saved)
    for name, sentence in problems.items():
        row.form.add_error(name if name in row.form.fields else None, sentence)


def _as_stored(row: Row, saved: Any) -> None:
    """What the page says it showed is what is stored now."""
    row.record = saved
    row.form.initial = FORMS[saved.noun](instance=saved, prefix=row.form.prefix).initial
