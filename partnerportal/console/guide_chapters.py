"""The guide's chapters: docs/guide/*.md, read once, as HTML with an id a heading, and as text to search.

The files are the release's own; raw HTML in them stays text. Imports markdown-it and the addresses only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

FOLDER = Path(settings.BASE_DIR) / "docs" / "guide"
CHAPTERS = (  # slug (the file's name), icon, sentence for the list
    ("onboarding-new-clients", "apartment", "What an enterprise is, and why it comes first."),
    ("creating-patients", "group", "From a file or one by one, and how a push works."),
    ("assigning-balances", "receipt_long", "Visits, lines, insurance, and what a patient owes."),
    ("subscribing-to-webhooks", "webhook", "How Inbox Health tells the portal what changed."),
    ("authentication-and-keys", "key", "Your key, the service key, and a refused one."),
    ("trying-it-out", "science", "What the sandbox is, its page, and letting something go wrong."),
    ("faqs", "quiz", "What people ask most."),
)
_LINK = re.compile(r"^([a-zA-Z-]+)\.md(#.*)?$")
_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


def _wide(self: Any, tokens: list[Token], place: int, options: Any, env: Any) -> str:
    """A table stands in a box of its own, which scrolls on a small screen and by keyboard."""
    if tokens[place].type == "table_close":
        return "</table></div>\n"
    box = '<div class="scroll" tabindex="0" role="group" aria-label="A table">'
    return f'{box}<table class="table plain">\n'


_markdown.add_render_rule("table_open", _wide)
_markdown.add_render_rule("table_close", _wide)


@dataclass(frozen=True)
class Section:
    """From one heading to the next. `anchor` is "" for what stands before the first."""

    heading: str
    anchor: str
    text: str


@dataclass(frozen=True)
class Chapter:
    """`title` is the file's first heading; `html` what follows it."""

    slug: str
    icon: str
    sentence: str
    title: str
    html: SafeString
    sections: tuple[Section, ...]

    @property
    def href(self) -> str:
        return reverse("guide_chapter", args=[self.slug])

    @property
    def headings(self) -> list[Section]:
        """What a list of its parts shows."""
        return [section for section in self.sections if section.anchor]


@lru_cache
def chapters() -> tuple[Chapter, ...]:
    return tuple(_read(*named) for named in CHAPTERS)


def chapter(slug: str) -> Chapter | None:
    return next((one for one in chapters() if one.slug == slug), None)


def anchor_of(heading: str) -> str:
    """As the project's server makes it of a heading: lower case, hyphens, letters and digits."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _read(slug: str, icon: str, sentence: str) -> Chapter:
    tokens = _markdown.parse((FOLDER / f"{slug}.md").read_text())
    title, rest = tokens[1].content, tokens[3:]
    for number, token in enumerate(rest):
        _dress(token, rest[number + 1] if number + 1 < len(rest) else None)
    # Our own file, and raw HTML in it is escaped.
    html = mark_safe(_markdown.renderer.render(rest, _markdown.options, {}))  # noqa: S308
    return Chapter(slug, icon, sentence, title, html, tuple(_sections(rest)))


def _dress(token: Token, following: Token | None) -> None:
    """Ids for headings, scopes for a table's head, the console's addresses for links."""
    if token.type == "heading_open" and following is not None:
        token.attrSet("id", anchor_of(following.content))
    elif token.type == "th_open":
        token.attrSet("scope", "col")
    for child in token.children or []:
        if child.type == "link_open":
            child.attrSet("href", _address(str(child.attrGet("href") or "")))
            child.attrSet("class", "link")


def _address(href: str) -> str:
    found = _LINK.match(href)
    if found is None:
        return href
    name, place = found[1], found[2] or ""
    if name == "errors":
        return reverse("guide_errors") + place
    return (reverse("guide") if name == "README" else reverse("guide_chapter", args=[name])) + place


def _sections(tokens: list[Token]) -> Iterator[Section]:
    heading, anchor, said = "", "", list[str]()
    opened = False
    for token in tokens:
        if token.type == "heading_open":
            if said or anchor:
                yield Section(heading, anchor, " ".join(said))
            anchor, said, opened = str(token.attrGet("id")), [], True
        elif token.type == "inline" and opened:
            heading, opened = plain(token), False
        elif token.type == "inline":
            said.append(plain(token))
        elif token.type in ("fence", "code_block"):
            said.append(token.content)
    yield Section(heading, anchor, " ".join(said))


def plain(token: Token) -> str:
    """An inline token's words, without marks."""
    return "".join(
        " " if child.type in ("softbreak", "hardbreak") else child.content for child in token.children or []
    )
