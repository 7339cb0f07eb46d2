"""What a row says, against what a record holds; in canonical form. Imports the kinds and the wire's forms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Field

from partnerportal.records.imports.kinds import Kind, Values
from partnerportal.records.models import Mirror
from partnerportal.records.wire import canonical

Changes = dict[str, tuple[Any, Any]]  # attribute → was, now


@lru_cache(maxsize=16)
def _forms(kind: Kind) -> dict[str, Callable[[Any], Any]]:
    """The attributes a file of this kind can set, each with the form in which values are compared."""
    by_wire = {a.field or a.name: a.form for a in kind.model.wire.attributes}
    fields = {field.name for field in kind.model._meta.get_fields()}
    return {c.name: by_wire.get(c.name, _form) for c in kind.columns if c.name in fields}


def _form(value: Any) -> Any:
    """A practice is compared by its key."""
    return value.pk if isinstance(value, Mirror) else canonical.text(value)


def attributes(kind: Kind, values: Values) -> Values:
    """The values that are attributes of the record itself."""
    forms = _forms(kind)
    return {name: value for name, value in values.items() if name in forms}


def changes(kind: Kind, record: Mirror, values: Values) -> Changes:
    """What the row says otherwise. What it does not say is left alone."""
    forms = _forms(kind)
    found: Changes = {}
    for name, now in attributes(kind, values).items():
        was = getattr(record, name)
        if forms[name](was) != forms[name](now):
            found[name] = (was, now)
    return found


def put(record: Mirror, values: Values) -> None:
    for name, value in values.items():
        setattr(record, name, value)


def as_json(value: Any) -> Any:
    """As a page shows it: a practice by its name."""
    if isinstance(value, Mirror):
        return getattr(value, "name", "") or value.short_id
    return value.isoformat() if isinstance(value, date) else value


def kept(name: str, value: Any) -> tuple[str, Any]:
    """What an undo needs: a doctor or practice is remembered by its key, also where there was none."""
    if name in ("doctor", "practice"):
        return f"{name}_id", value.pk if isinstance(value, Mirror) else None
    return name, as_json(value)


def from_json(model: type[Mirror], name: str, value: Any) -> Any:
    """The other way round, by the type of the model's column."""
    column = model._meta.get_field(name)
    return column.to_python(value) if isinstance(column, Field) else value


def label(kind: Kind, name: str) -> str:
    return next((c.label for c in kind.columns if c.name == name), name)
