"""A value of Inbox Health into our typed column, in the form our own forms would save. Imports the models.

Closed: what a column can't hold is refused, never cut or guessed, and stays a difference for a person.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import models

from partnerportal.records.models import RECORDS
from partnerportal.records.wire.attributes import Attribute
from partnerportal.records.wire.canonical import Canonical

_PARENT = "_remote_id"
_UNIQUE = {"health_record_id"}  # once an enterprise


class _Refused(Exception):
    """The column can't hold it."""


def current(row: Any, name: str) -> Canonical:
    """Our value of an attribute in canonical form."""
    attribute: Attribute = row.wire.attribute(name)
    return attribute.form(attribute.ours(row))


def put(row: Any, name: str, value: Canonical) -> bool:
    """Set the column of an attribute; False where it can't hold the value, and nothing was changed."""
    attribute: Attribute = row.wire.attribute(name)
    column = attribute.field or attribute.name
    try:
        if column.endswith(_PARENT):
            _tie(row, column.removesuffix(_PARENT), value)
        else:
            setattr(row, column, _fitting(row, column, attribute, value))
    except _Refused:
        return False
    return True


def _tie(row: Any, name: str, remote_id: Canonical) -> None:
    """A reference to another record: ours that is tied to that id."""
    nullable = row._meta.get_field(name).null
    found = RECORDS[name].objects.light().filter(remote_id=remote_id).first() if remote_id else None
    if found is None and (remote_id or not nullable):
        raise _Refused
    if found is not None and getattr(found, "enterprise_id", row.enterprise_pk) != row.enterprise_pk:
        raise _Refused
    setattr(row, name, found)


def _fitting(row: Any, column: str, attribute: Attribute, value: Canonical) -> Any:
    kept = row._meta.get_field(column)
    if value is None:
        return _empty(kept)
    if isinstance(kept, models.DateField):
        return _day(value)
    if isinstance(kept, models.DecimalField):
        return _number(kept, value)
    if isinstance(kept, models.BooleanField | models.IntegerField):
        return value
    text = str(attribute.out(value))
    if kept.max_length and len(text) > kept.max_length:
        raise _Refused
    if column in _UNIQUE and _taken(row, column, text):
        raise _Refused
    return text


def _empty(kept: Any) -> Any:
    if kept.null:
        return None
    if isinstance(kept, models.BooleanField):
        return False
    if isinstance(kept, models.CharField):
        return ""
    raise _Refused


def _day(value: Canonical) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise _Refused from None


def _number(kept: Any, value: Canonical) -> Decimal:
    try:
        found = Decimal(str(value)).quantize(Decimal(1).scaleb(-kept.decimal_places))
    except InvalidOperation:
        raise _Refused from None
    if found != Decimal(str(value)) or found.adjusted() >= kept.max_digits - kept.decimal_places:
        raise _Refused
    return found


def _taken(row: Any, column: str, text: str) -> bool:
    """Another row of the enterprise has this value, which only one may have."""
    others = type(row).objects.filter(enterprise_id=row.enterprise_pk, **{column: text})
    return bool(others.exclude(pk=row.pk).exists())
