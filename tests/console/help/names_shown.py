"""The names that stand on the console's pages: of buttons, links, fields, headings, tabs and states."""

from __future__ import annotations

import re
from html.parser import HTMLParser

NAMING = {"a", "button", "label", "legend", "h1", "h2", "h3", "summary", "th", "dt", "option", "strong"}
_EMPTY = {"input", "br", "img", "link", "meta", "hr", "path", "use", "wbr", "source", "col"}


class _Names(HTMLParser):
    """Keeps the text of each naming element, without icons, counts and what only a screen reader gets."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self._open: list[tuple[str, bool, list[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _EMPTY:
            return
        said = dict(attrs)
        classes = set((said.get("class") or "").split())
        quiet = bool(classes & {"sr", "count", "required", "icon"}) or said.get("aria-hidden") == "true"
        self._open.append((tag, quiet or tag in ("script", "style", "svg"), []))

    def handle_data(self, data: str) -> None:
        if not any(quiet for _, quiet, _ in self._open):
            for _, _, texts in self._open:
                texts.append(data)

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            opened, _, texts = self._open.pop()
            if opened in NAMING or opened == "span":
                self.found.add(plain("".join(texts)))
            if opened == tag:
                return


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def names_in(html: str) -> set[str]:
    parser = _Names()
    parser.feed(html)
    return parser.found - {""}
