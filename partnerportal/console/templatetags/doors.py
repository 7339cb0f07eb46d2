"""What the doors' templates ask for. Imports settings only."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def idle_seconds() -> int:
    """How long a session lives without activity."""
    return int(settings.IDLE_SECONDS)


@register.inclusion_tag("account/field.html")
def field(bound: Any, hint: str = "", width: str = "") -> dict[str, Any]:
    """A form field with label, hint and error, tied together for screen readers. `width`: half, third."""
    described = [
        f"{bound.auto_id}-{part}" for part, there in (("hint", hint), ("error", bound.errors)) if there
    ]
    attributes: dict[str, str] = {"aria-describedby": " ".join(described)} if described else {}
    if bound.errors:
        attributes["aria-invalid"] = "true"
    return {"field": bound, "hint": hint, "width": width, "widget": bound.as_widget(attrs=attributes)}
