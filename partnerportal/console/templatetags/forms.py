"""Draws a form's control with what ties it to its hint and its error. Imports Django only."""

from __future__ import annotations

from typing import Any

from django import template

register = template.Library()


@register.simple_tag
def control(field: Any) -> str:
    """The input of a record form's field, described by its hint and error for screen readers."""
    bound, wrong = field.bound, bool(field.bound.errors or field.problem or field.clash)
    parts = [("hint", bool(bound.help_text)), ("error", bool(bound.errors or field.problem))]
    parts.append(("vendor", bool(field.vendor) and bound.widget_type != "checkbox"))
    described = " ".join(f"{bound.id_for_label}-{part}" for part, there in parts if there)
    attrs: dict[str, Any] = {"aria-describedby": described} if described else {}
    if wrong:
        attrs["aria-invalid"] = "true"
    drawn: str = bound.as_widget(attrs=attrs)
    return drawn
