"""Search over the guide and the error catalogue: all words of the question, headings before text. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString

from partnerportal.console import catalogue
from partnerportal.console.guide_chapters import chapters

MOST = 20
AROUND = 90  # characters before and after the first hit


@dataclass(frozen=True)
class Hit:
    """One place. `where` is the chapter, `excerpt` has the words marked."""

    title: str
    where: str
    href: str
    excerpt: SafeString


def search(question: str) -> list[Hit]:
    """The best first, 20 at most; none for a question without a word."""
    words = [word for word in re.findall(r"\w+", question.casefold()) if word]
    if not words:
        return []
    found = [(rank, place) for place in _places() if (rank := _rank(place, words)) is not None]
    return [_hit(place, words) for _, place in sorted(found, key=lambda pair: -pair[0])[:MOST]]


@dataclass(frozen=True)
class _Place:
    title: str
    where: str
    href: str
    text: str


def _places() -> Iterator[_Place]:
    for chapter in chapters():
        for section in chapter.sections:
            address = f"{chapter.href}#{section.anchor}" if section.anchor else chapter.href
            yield _Place(section.heading or chapter.title, chapter.title, address, section.text)
    for entry in catalogue.ENTRIES:
        text = " ".join((entry.what, entry.why, entry.do))
        yield _Place(entry.title, "Error catalogue", reverse("guide_error", args=[entry.slug]), text)


def _rank(place: _Place, words: list[str]) -> int | None:
    """Higher is better; None where a word is nowhere."""
    title, text = f"{place.title} {place.where}".casefold(), place.text.casefold()
    if not all(word in title or word in text for word in words):
        return None
    whole = place.title.casefold()
    return sum(10 * (word in whole) + 3 * (word in title) + min(text.count(word), 5) for word in words)


def _hit(place: _Place, words: list[str]) -> Hit:
    return Hit(place.title, place.where, place.href, marked(_around(place.text, words), words))


def _around(text: str, words: list[str]) -> str:
    """The text about the first word that stands in it."""
    folded = text.casefold()
    at = min((folded.find(word) for word in words if word in folded), default=0)
    start, end = max(at - AROUND, 0), at + AROUND * 2
    start = text.find(" ", start) + 1 if start else 0
    cut = text[start:end] if end >= len(text) else text[start:end].rpartition(" ")[0]
    return ("… " if start else "") + cut + (" …" if end < len(text) else "")


def marked(text: str, words: list[str]) -> SafeString:
    """The text with each hit in <mark>; everything else escaped."""
    pattern = re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)), re.I)
    parts, last = list[tuple[str]](), 0
    for found in pattern.finditer(text):
        parts.append((escape(text[last : found.start()]),))
        parts.append((SafeString(f"<mark>{escape(found.group())}</mark>"),))
        last = found.end()
    parts.append((escape(text[last:]),))
    return format_html_join("", "{}", parts)
