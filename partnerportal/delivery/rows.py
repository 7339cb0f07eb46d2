"""Model instances from plain SQL: the engine reads the same few rows for each delivery, and building Django's
statement each time costs more than running it (measured: two thirds of a sender's processor time).
Imports models only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import connection, models

from partnerportal.kernel.statements import run

Row = TypeVar("Row", bound=models.Model)
Step = Callable[[Any, Any, Any], Any]


Names = tuple[str, ...]


@cache
def columns(model: type[models.Model], alias: str, only: Names = ()) -> str:
    """The columns of a model as SQL, for a table called `alias`; `only` these fields, or all."""
    return ", ".join(f'{alias}."{field.column}"' for field in _fields(model, only))


@cache
def width(model: type[models.Model], only: Names = ()) -> int:
    return len(_fields(model, only))


def build(model: type[Row], values: Sequence[Any], only: Names = ()) -> Row:
    """An instance from the values of `columns`, in their order; fields left out are read when asked for."""
    converted = list(values)
    for place, steps in _converters(model, only):
        for step in steps:
            converted[place] = step(converted[place], None, connection)
    return model.from_db(connection.alias, _names(model, only), converted)


@cache
def _fields(model: type[models.Model], only: Names) -> list[Any]:
    return [field for field in model._meta.concrete_fields if not only or field.name in only]


@cache
def _names(model: type[models.Model], only: Names) -> list[str]:
    return [field.attname for field in _fields(model, only)]


@cache
def _converters(model: type[models.Model], only: Names) -> tuple[tuple[int, tuple[Step, ...]], ...]:
    """What Django does to the values of a column on their way in: decrypt, parse."""
    found = (
        (place, tuple(field.get_db_converters(connection)))
        for place, field in enumerate(_fields(model, only))
    )
    return tuple((place, steps) for place, steps in found if steps)


def write(row: models.Model, only: Names) -> None:
    """Update these fields of a row, by a statement that is planned once."""
    fields = _fields(type(row), only)
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    run(_update(type(row), only), [*values, row.pk])


@cache
def _update(model: type[models.Model], only: Names) -> str:
    fields = _fields(model, only)
    changes = ", ".join(f'"{field.column}" = CAST(%s AS {field.db_type(connection)})' for field in fields)
    return f'UPDATE "{model._meta.db_table}" SET {changes} WHERE id = %s RETURNING id'  # noqa: S608
