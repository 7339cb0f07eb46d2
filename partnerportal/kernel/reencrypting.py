"""Moves every encrypted value to the first key of FIELD_ENCRYPTION_KEYS, so that older keys can be retired.

Reads each table that has an encrypted column once, in the order of its ids. A value is replaced only while it
is still the one that was read, so a save in between is kept. A run can be interrupted; the next one does what
is left. No audit row is touched: their contents lie under data keys of their own, and only the wrapping of
those is renewed. Imports the keyring and Django.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models import BinaryField, F, Func, Q, Value
from django.db.models.functions import Cast

from partnerportal.kernel import keyring
from partnerportal.kernel.fields import EncryptedField

CHUNK = 200  # rows of one transaction
Model = type[models.Model]


@dataclass(frozen=True)
class Moved:
    """What became of one table: how many values were moved, and how many no known key opens."""

    table: str
    moved: int = 0
    unreadable: int = 0


def reencrypt() -> Iterator[Moved]:
    """Table after table; each is done when its line comes."""
    for model in apps.get_models():
        fields = [field for field in model._meta.concrete_fields if isinstance(field, EncryptedField)]
        if fields:
            yield _move(model, fields)


def _move(model: Model, fields: list[EncryptedField]) -> Moved:
    found, after = Moved(model._meta.db_table), 0
    while rows := _behind(model, fields, after):
        with transaction.atomic():
            for pk, *values in rows:
                for field, old in zip(fields, values, strict=True):
                    if old is not None and not bytes(old).startswith(keyring.current_prefix()):
                        found = _renew(found, model, field, pk, bytes(old))
        after = rows[-1][0]
    return found


def _behind(model: Model, fields: list[EncryptedField], after: int) -> list[tuple[Any, ...]]:
    """The next rows in which a value is not under the first key: their id and their values as stored."""
    stored = {f"stored_{field.name}": _stored(field) for field in fields}
    begins = {f"begins_{field.name}": _begins(field) for field in fields}
    behind = Q(pk__in=[])
    for name in begins:
        behind |= ~Q(**{name: keyring.current_prefix()})
    rows = model._base_manager.annotate(**stored, **begins).filter(behind, pk__gt=after).order_by("pk")
    return list(rows.values_list("pk", *stored)[:CHUNK])


def _renew(found: Moved, model: Model, field: EncryptedField, pk: int, old: bytes) -> Moved:
    try:
        new = keyring.encrypt(keyring.decrypt(old, field.place), field.place)
    except keyring.Unreadable:
        return replace(found, unreadable=found.unreadable + 1)
    row = model._base_manager.annotate(stored=_stored(field)).filter(pk=pk, stored=old)
    return replace(found, moved=found.moved + row.update(**{field.name: Value(new, BinaryField())}))


def _stored(field: EncryptedField) -> Cast:
    """The column as it is stored, not decrypted."""
    return Cast(F(field.name), BinaryField())


def _begins(field: EncryptedField) -> Func:
    prefix = len(keyring.current_prefix())
    return Func(_stored(field), 1, prefix, function="substr", output_field=BinaryField())
