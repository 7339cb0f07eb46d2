"""The link beside a record that is in conflict or missing there. Imports remedies."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.utils.html import format_html

from partnerportal.console.remedies import two_sided_act

register = template.Library()


@register.simple_tag(takes_context=True)
def two_sided(context: Context, record: Any) -> str:
    """A small button to where it is decided, for who may; nothing for a record that needs none."""
    act = two_sided_act(record, context["request"].user)
    if act is None:
        return ""
    said = '<a class="btn btn-small" href="{}">{}<span class="sr"> {}</span></a>'
    return format_html(said, act.href, act.label, record.short_id)
