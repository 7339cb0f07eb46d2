"""Model instances from plain SQL: the engine reads the same few rows for each delivery, and building Django's
statement each time costs more than running it (measured: two thirds of a sender's processor time).
Imports models only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import connection, models

Row = TypeVar("Row", bound=models.Model)
Step = Callable[[Any, Any, Any], Any]


@cache
def columns(model: type[models.Model], alias: str) -> str:
    """All columns of a model as SQL, for a table called `alias`."""
    return ", ".join(f'{alias}."{field.column}"' for field in model._meta.concrete_fields)


@cache
def width(model: type[models.Model]) -> int:
    return len(model._meta.concrete_fields)


def build(model: type[Row], values: Sequence[Any]) -> Row:
    """An instance from the values of `columns`, in their order."""
    converted = list(values)
    for place, steps in _converters(model):
        for step in steps:
            converted[place] = step(converted[place], None, connection)
    return model.from_db(connection.alias, _names(model), converted)


@cache
def _names(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


@cache
def _converters(model: type[models.Model]) -> tuple[tuple[int, tuple[Step, ...]], ...]:
    """What Django does to the values of a column on their way in: decrypt, parse."""
    found = (
        (place, tuple(field.get_db_converters(connection)))
        for place, field in enumerate(model._meta.concrete_fields)
    )
    return tuple((place, steps) for place, steps in found if steps)
