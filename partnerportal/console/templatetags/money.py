"""Money in templates: dollars, what is owed, a label with what a screen reader needs. Imports kernel only."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from partnerportal.kernel import money

register = template.Library()
register.filter("owed", money.owed)


@register.filter
def dollars(cents: int | None) -> SafeString | str:
    """`$1,234.56`; an amount that is not known is a dash, read as such."""
    if cents is None:
        return format_html('<span aria-label="not known">{}</span>', money.dollars(None))
    return money.dollars(cents)
