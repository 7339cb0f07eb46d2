"""Draws a form's control with what ties it to its hint and its error. Imports labels."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from partnerportal.console.labels import EXAMPLES

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
    known = EXAMPLES.get(bound.name, ())
    if known:
        attrs["list"] = f"{bound.id_for_label}-known"
    drawn: str = bound.as_widget(attrs=attrs)
    return format_html("{}{}", drawn, _offered(attrs["list"], known)) if known else drawn


def _offered(place: str, values: tuple[str, ...]) -> SafeString:
    """Values to choose from; any other can still be typed."""
    options = format_html_join("", '<option value="{}"></option>', ((value,) for value in values))
    return format_html('<datalist id="{}">{}</datalist>', place, options)
