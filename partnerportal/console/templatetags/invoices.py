"""Draws a control of the pages around the invoice with what ties it to its hint and error. Imports Django."""

from __future__ import annotations

from typing import Any

from django import template

register = template.Library()


@register.simple_tag
def money_control(field: Any, quiet: Any = False, hint: Any = "") -> str:
    """The input of a bound field. `quiet`: nothing that is wrong is said yet."""
    wrong = bool(field.errors) and not quiet
    described = [
        f"{field.id_for_label}-{part}" for part, there in (("hint", hint), ("error", wrong)) if there
    ]
    attrs = {"aria-describedby": " ".join(described)} if described else {}
    if wrong:
        attrs["aria-invalid"] = "true"
    drawn: str = field.as_widget(attrs=attrs)
    return drawn
