"""The rows of a file that people read on its page: what was found in them, later what became of them.

Kept while it is checked, and written anew chunk by chunk as it goes in. Imports models and matching.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from partnerportal.records.imports import matching
from partnerportal.records.imports.matching import Match
from partnerportal.records.imports.source import Source
from partnerportal.records.imports.values import as_json
from partnerportal.records.models import Import, ImportRow

KEPT = 100  # new rows, and unchanged ones, that the page shows; all are counted
_SOME = (matching.NEW, matching.UNCHANGED)
Decided = Mapping[int, tuple[str, int | None]]  # line → what a person said, about which record


def keep(
    file_import: Import, source: Source, matches: Sequence[Match], before: Mapping[str, int], decided: Decided
) -> None:
    """In place of what was kept of these lines. `before`: how many rows of each word came earlier.

    A decision stays where the row may still be the very record that it was about.
    """
    file_import.rows.filter(line__in=[match.row.line for match in matches]).delete()
    seen = Counter(before)
    rows = []
    for match in matches:
        seen[match.word] += 1
        if match.word in _SOME and seen[match.word] > KEPT:
            continue
        record_id = match.record.pk if match.record else None
        said, about = decided.get(match.row.line, ("", None))
        fits = match.word == matching.MAYBE and about == record_id
        row = ImportRow(
            file_import=file_import, line=match.row.line, word=match.word, record_id=record_id,
            decision=said if fits else "", content=_content(source, match),
        )  # fmt: skip
        rows.append(row)
    ImportRow.objects.bulk_create(rows)


def decisions(file_import: Import) -> dict[int, tuple[str, int | None]]:
    """What people said so far, by line."""
    said = file_import.rows.exclude(decision="").values_list("line", "decision", "record_id")
    return {line: (decision, record_id) for line, decision, record_id in said}


def _content(source: Source, match: Match) -> dict[str, Any]:
    """What the page and the download need; cells of an SSN column are never kept."""
    secret = {column.name for column in source.kind.columns if column.is_secret}
    shown = {name: as_json(value) for name, value in match.row.values.items() if name not in secret}
    content: dict[str, Any] = {"shown": shown}
    if match.word == matching.NOT_VALID:
        content["cells"] = [
            "" if place in source.secret else cell for place, cell in enumerate(match.row.cells)
        ]
        content["problems"] = [problem.as_json() for problem in match.row.problems]
    if match.word == matching.CHANGED:
        content["changes"] = [
            [name, *(["", ""] if name in secret else [as_json(was), as_json(now)])]
            for name, (was, now) in match.changes.items()
        ]
    return content
