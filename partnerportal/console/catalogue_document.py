"""The error catalogue as the page docs/guide/errors.md, so that it can be read without a portal too.

`python -m partnerportal.console.catalogue_document > docs/guide/errors.md` writes it anew. Imports the table.
"""

from __future__ import annotations

import sys

from partnerportal.console import catalogue
from partnerportal.console.catalogue_entry import Entry

_HEAD = (
    "# Error catalogue",
    "Each failure the portal can show: what happened, why, and what to do. In the console, each failed "
    "delivery, event and row leads to its own entry.",
)


def document() -> str:
    """Markdown, one heading a group and one an entry."""
    parts = [*_HEAD]
    for name, entries in catalogue.groups():
        parts.append(f"## {name}")
        for entry in entries:
            parts += _lines(entry)
    return "\n\n".join(parts) + "\n"


def _lines(entry: Entry) -> list[str]:
    said = (("What happened", entry.what), ("Why", entry.why), ("What to do", entry.do))
    return [f"### {entry.title}", "\n".join(f"- **{title}**: {text}" for title, text in said)]


if __name__ == "__main__":
    sys.stdout.write(document())
