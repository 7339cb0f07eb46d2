"""Columns that a person mapped by hand, kept for the enterprise's next file. Imports models and columns.

Kept by heading, so that a file whose columns moved, or that has one more, is known again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from partnerportal.records.imports import columns
from partnerportal.records.imports.columns import Mapping
from partnerportal.records.imports.kinds import Kind
from partnerportal.records.models import Enterprise, RememberedColumns

MOST = 1000  # headings kept for an enterprise and kind; beyond it, this file's win


def remember(
    enterprise: Enterprise, kind: Kind, headings: Sequence[str], mapping: Mapping, actor: str
) -> None:
    """Keep what was said of these headings; inside the caller's transaction."""
    row, _ = RememberedColumns.objects.get_or_create(
        enterprise=enterprise, kind=kind.name, defaults={"actor": actor, "at": timezone.now()}
    )
    row = RememberedColumns.objects.select_for_update().get(pk=row.pk)
    said = _said(kind, headings, mapping)
    # What nobody maps and nothing recognises needs no memory: a later release may know the heading.
    here = {word for word in _words(headings) if word}
    kept = {word: name for word, name in row.columns.items() if word not in here}
    row.columns = dict(list({**kept, **said}.items())[-MOST:])
    row.actor, row.at = actor, timezone.now()
    row.save()


def recall(enterprise: Enterprise | None, kind: Kind, headings: Sequence[str]) -> dict[str, Any] | None:
    """{"mapping", "by": actor, "at": ISO instant}; None where the headings say as much by themselves."""
    row = RememberedColumns.objects.filter(enterprise=enterprise, kind=kind.name).first()
    if enterprise is None or row is None:
        return None
    mapping = _recalled(kind, headings, row.columns)
    has_required = any(name in mapping for name in kind.required)
    if not has_required or mapping == columns.recognise(kind, headings):
        return None
    return {"mapping": mapping, "by": row.actor, "at": row.at.isoformat()}


def _recalled(kind: Kind, headings: Sequence[str], known: dict[str, str]) -> Mapping:
    """What was said by hand wins; the other headings are recognised as ever."""
    ours = {column.name for column in kind.columns}
    said = {place: known[word] for place, word in enumerate(_words(headings)) if word in known}
    mapping: Mapping = {}
    for place, name in said.items():
        if name in ours:
            mapping.setdefault(name, place)
    others = ["" if place in said else heading for place, heading in enumerate(headings)]
    return {**columns.recognise(kind, others), **mapping}


def _said(kind: Kind, headings: Sequence[str], mapping: Mapping) -> dict[str, str]:
    """The mapped headings, and those that would have been recognised and were left out."""
    names = {place: name for name, place in mapping.items()}
    left_out = set(columns.recognise(kind, headings).values()) - set(names)
    return {
        word: names.get(place, "")
        for place, word in enumerate(_words(headings))
        if word and (place in names or place in left_out)
    }


def _words(headings: Sequence[str]) -> list[str]:
    """Headings as they are kept: folded, the second of a name told from the first. "" for a blank one."""
    seen: dict[str, int] = {}
    words = []
    for heading in headings:
        word = " ".join(heading.casefold().split())
        seen[word] = seen.get(word, 0) + 1
        words.append(f"{word}\x1f{seen[word]}" if word and seen[word] > 1 else word)
    return words
