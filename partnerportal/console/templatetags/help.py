"""Links from a failure to its entry in the error catalogue. Imports the catalogue and its links only."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from partnerportal.console import catalogue, catalogue_links

register = template.Library()
TEXT = "What this means"


def _link(address: str, about: str = "", text: str = TEXT) -> SafeString:
    """ "" where there is no address; `about` tells links of one page apart for a screen reader."""
    if not address:
        return SafeString("")
    said = format_html('<span class="sr">: {}</span>', about) if about else ""
    return format_html('<a class="link about" href="{}">{}{}</a>', address, text, said)


@register.simple_tag
def about_delivery(delivery: Any, label: str = "") -> SafeString:
    """The entry of a delivery as it stands; nothing where nothing is wrong with it."""
    return _link(catalogue_links.of_delivery(delivery), label or delivery.short_id)


@register.simple_tag
def about_record(record: Any, delivery: Any = None) -> SafeString:
    """The entry of what is wrong with a record: its delivery's, else its own state's."""
    address = catalogue_links.of_delivery(delivery) if delivery is not None else ""
    return _link(address or catalogue_links.of_record(record), record.short_id)


@register.simple_tag
def about_endpoint(endpoint: Any) -> SafeString:
    """The entry of what keeps an endpoint from being active."""
    return _link(catalogue_links.of_endpoint(endpoint), endpoint.short_id)


@register.simple_tag
def about_brake(brake: Any, label: str = "") -> SafeString:
    """The entry of a stop."""
    return _link(catalogue_links.of_brake(brake), label)


@register.simple_tag
def about_words(domain: str, words: list[str], label: str = "") -> SafeString:
    """The entries of several words, each entry once; where there are several, by their titles."""
    entries = dict.fromkeys(catalogue.of(domain, word) for word in words)
    texts = [entry.title for entry in entries] if len(entries) > 1 else [TEXT]
    links = (
        (_link(catalogue_links.address_of(entry), label, text),)
        for entry, text in zip(entries, texts, strict=False)
    )
    return format_html_join(" · ", "{}", links)


@register.simple_tag
def about_event(event: Any) -> SafeString:
    """The entry of what became of an event; nothing for one that was applied."""
    return _link(catalogue_links.of_event(event), event.short_id)


@register.simple_tag
def about_cause(kind: str, cause: str, label: str = "") -> SafeString:
    """The entry of a group of failures, as Needs you names it."""
    return _link(catalogue_links.address_of(catalogue.of_cause(kind, cause)), label)


@register.simple_tag
def about_word(domain: str, word: str, label: str = "") -> SafeString:
    """The entry of a word: `{% about_word "key" "refused" %}`."""
    return _link(catalogue_links.address_of(catalogue.of(domain, word)), label)


@register.simple_tag
def about_sentence(domain: str, sentence: str, label: str = "") -> SafeString:
    """The entry of a sentence that refused a file ("file") or a row ("row")."""
    return _link(catalogue_links.address_of(catalogue.of_sentence(domain, sentence)), label)
