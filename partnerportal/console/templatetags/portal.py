"""What templates say with: icons, states, instants, ids with a copy button. Imports formats and words."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from partnerportal.console import formats, words
from partnerportal.kernel.numbers import counted

register = template.Library()
register.filter("day", formats.day)
register.filter("exact", formats.exact)
register.filter("phone", formats.phone)
register.filter("when", formats.instant)


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """A symbol beside a word; never alone, so it is hidden from screen readers."""
    return format_html('<span class="icon {}" aria-hidden="true">{}</span>', extra, name)


@register.simple_tag
def pill(text: str, colour: str = "grey", symbol: str = "") -> SafeString:
    """A state: always a word, its colour and icon are extra: grey blue green orange red violet teal."""
    mark = icon(symbol) if symbol else ""
    return format_html('<span class="pill pill-{}">{}<span>{}</span></span>', colour, mark, text)


@register.simple_tag
def state(record: Any) -> SafeString:
    """The state of a record as icon and word."""
    found = words.word(record.sync_state)
    return pill(found.text, found.colour, found.icon)


@register.simple_tag
def instant(value: datetime | None) -> SafeString:
    """A time in the person's zone; the exact one on hover and on focus."""
    if value is None:
        return format_html('<span aria-label="not known">{}</span>', formats.NOT_KNOWN)
    exact = formats.exact(value)
    return format_html(
        '<time datetime="{}" tabindex="0" class="instant" data-exact="{}">{}</time>',
        value.isoformat(),
        exact,
        formats.instant(value),
    )


@register.simple_tag
def vendor(label: str, name: str) -> SafeString:
    """Our label; the vendor's name for it on hover and on focus."""
    if not name:
        return format_html("{}", label)
    return format_html(
        '<span class="vendor" tabindex="0" data-vendor="{1}">{0}'
        '<span class="sr">, at Inbox Health {1}</span></span>',
        label,
        name,
    )


@register.simple_tag
def birth(value: date | None, user: Any = None) -> str:
    """With age for those who identify people by it, the year alone for the others."""
    if user is not None and not user.has_perm("accounts.reveal_phi"):
        return formats.masked_birth(value)
    return formats.birth(value)


@register.simple_tag
def copy_id(text: str, label: str = "") -> SafeString:
    """An id in monospace with a copy button. `text` is what is shown and copied."""
    return format_html(
        '<span class="id"><code>{0}</code><button type="button" class="copy" data-copy="{0}">'
        '{1}<span class="sr">Copy {2}</span></button></span>',
        text,
        icon("content_copy"),
        label or text,
    )


@register.filter
def number(value: int) -> str:
    """1284 is "1,284"."""
    return f"{value:,}"


@register.filter(name="counted")
def counted_filter(value: int, noun: str) -> str:
    """`{{ n|counted:"patient" }}`; an irregular plural after a comma: "delivery,deliveries"."""
    one, _, many = noun.partition(",")
    return counted(value, one, many)
