"""Filters of a ledger: an address becomes a narrowed queryset, fields and chips. Imports Django only.

A value that can't be used lists nothing and says why at its field: with a typing error, "everything" would be
shown, exported or sent again under the name of one record.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

NO_CHOICE = "“%(value)s” is not one of the choices."
DAYS = (date(1900, 1, 1), date(2199, 12, 31))  # beyond them, an instant may not exist in every time zone


def no_choice(value: str) -> str:
    """The sentence beside a select whose value is none of its choices."""
    return NO_CHOICE % {"value": value}


def day_field() -> forms.DateField:
    """One day, of which every time zone knows the begin and the end."""
    first, last = DAYS
    return forms.DateField(
        label="Day",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        validators=[MinValueValidator(first), MaxValueValidator(last)],
    )


class Filters(forms.Form):
    """All fields are optional. `NARROW`: name of a field → what its value does to the rows."""

    SHOWN: tuple[str, ...] = ()  # the others lie under More filters
    VIEWS: tuple[str, ...] = ("",)  # slugs of the page's tabs; the first is the one that opens
    NARROW: dict[str, Callable[[Any, Any], Any]] = {}

    def choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        """What a select offers besides Any."""
        field: Any = self.fields[name]
        field.choices = [("", "Any"), *choices]
        field.error_messages["invalid_choice"] = NO_CHOICE

    def rows(self, name: str, queryset: Any, label: Callable[[Any], str]) -> None:
        """The rows that a select offers besides Any."""
        field: Any = self.fields[name]
        field.queryset, field.empty_label, field.label_from_instance = queryset, "Any", label
        field.error_messages["invalid_choice"] = NO_CHOICE

    @property
    def applied(self) -> dict[str, Any]:
        """What was asked for, and understood."""
        known = self.cleaned_data if self.is_valid() or self.cleaned_data else {}
        return {name: value for name, value in known.items() if value not in (None, "")}

    @property
    def shown(self) -> list[forms.BoundField]:
        return [self[name] for name in self.SHOWN]

    @property
    def hidden_away(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in self.SHOWN]

    @property
    def more_used(self) -> bool:
        """Whether what lies under More filters is in use, or wrong."""
        return any(field.name in self.applied or field.errors for field in self.hidden_away)

    @property
    def tab_value(self) -> str:
        asked = str(self.data.get("tab", ""))
        return asked if asked in self.VIEWS else self.VIEWS[0]

    def chips(self) -> list[tuple[str, str, str]]:
        """(name, label, value as shown) of each filter; of one that can't be used, what was typed."""
        values = {**self.applied, **{name: str(self.data.get(name, "")) for name in self.errors}}
        return [
            (
                name,
                str(field.label),
                str(values[name] if name in self.errors else self.say(name, values[name])),
            )
            for name, field in self.fields.items()
            if name in values
        ]

    def say(self, name: str, value: Any) -> str:
        """A value in words."""
        field: Any = self.fields[name]
        return str(dict(field.choices).get(value, value)) if hasattr(field, "choices") else str(value)

    def narrowed(self, rows: Any) -> Any:
        """The rows that fit all filters; none where one of them can't be used."""
        if self.errors:
            return rows.none()
        for name, value in self.applied.items():
            rows = self.NARROW[name](rows, value)
        return rows
