"""What audit and sending templates say with: who, outcomes, links to records. Imports words and formats."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from partnerportal.console import audit_words, delivery_words, formats, keyset
from partnerportal.console.templatetags.portal import pill
from partnerportal.delivery.sentences import reason_words
from partnerportal.kernel.ids import short_id

register = template.Library()
register.filter("who", audit_words.actor)
register.filter("turn", delivery_words.turn)
register.filter("its_turn", delivery_words.its_turn)
register.filter("act", audit_words.action)
register.filter("reason_words", reason_words)


@register.simple_tag
def outcome(answer: Any) -> SafeString:
    """The outcome of an exchange as icon and word; no answer is one too."""
    word = audit_words.outcome(answer)
    return pill(word.text, word.colour, word.icon)


@register.simple_tag
def exact_time(value: datetime | None) -> SafeString | str:
    """An instant to the millisecond with its offset, as every audit page says it."""
    if value is None:
        return formats.NOT_KNOWN
    return format_html('<time class="exact" datetime="{}">{}</time>', value.isoformat(), formats.exact(value))


@register.simple_tag
def record_link(name: str) -> SafeString | str:
    """ "patient:P-12" as a link to its short address. Names without a page stay text."""
    noun, _, short = name.partition(":")
    if not short:
        return formats.NOT_KNOWN
    if noun in ("staff", "key", "entry"):
        return short
    return format_html('<a class="link mono" href="/{0}">{0}</a>', short)


@register.simple_tag
def short_link(noun: str, pk: int | None) -> SafeString | str:
    """A link to anything with a short id: `{% short_link "batch" exchange.batch %}`."""
    return record_link(f"{noun}:{short_id(noun, pk)}") if pk else formats.NOT_KNOWN


@register.simple_tag(takes_context=True)
def without(context: dict[str, Any], *names: str) -> str:
    """This page's address without these filters, from its first page."""
    query = context["request"].GET.copy()
    for name in (*names, keyset.BELOW, keyset.ABOVE):
        query.pop(name, None)
    return f"{context['request'].path}{'?' if query else ''}{query.urlencode()}"


@register.simple_tag
def milliseconds(answer: Any) -> str:
    """How long the answer took, "212"."""
    return f"{answer.seconds * 1000:,.0f}" if answer else formats.NOT_KNOWN
