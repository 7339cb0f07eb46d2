"""The preview: reads the whole file, matches it, and keeps counts and the rows someone must read.

It changes no record. Imports models and its siblings. Run again after a crash, it starts over.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from partnerportal.jobs.models import Job
from partnerportal.records.imports import columns, matching, worth
from partnerportal.records.imports.matching import Match
from partnerportal.records.imports.progress import Tell, silent
from partnerportal.records.imports.refusal import ColumnsMissing, Refusal
from partnerportal.records.imports.source import Source, open_source
from partnerportal.records.imports.storage import FileGone
from partnerportal.records.imports.turn import turn
from partnerportal.records.imports.values import as_json
from partnerportal.records.imports.work import work_of
from partnerportal.records.models import Import, ImportRow

KEPT = 100  # new rows, and unchanged ones, that the page shows; all are counted


def check(pk: int, tell: Tell = silent) -> None:
    """Bring an import from "being checked" to "ready" or "can't be read". Does nothing in any other state."""
    with turn(pk) as mine:
        file_import = Import.objects.select_related("job", "enterprise").get(pk=pk)
        if not mine or file_import.state != Import.State.CHECKING:
            return
        try:
            source = open_source(file_import)
            _survey_into(file_import, source)
            _match_all(file_import, source, tell)
        except (Refusal, FileGone) as refusal:
            _refuse(file_import, refusal)


def _refuse(file_import: Import, why: Exception) -> None:
    with transaction.atomic():
        file_import.state, file_import.refusal = Import.State.REFUSED, str(why)
        file_import.facts = {"columns_missing": isinstance(why, ColumnsMissing)}
        file_import.checked_at = timezone.now()
        file_import.save()
        file_import.job.state, file_import.job.finished_at = Job.State.FAILED, timezone.now()
        file_import.job.save()


def _survey_into(file_import: Import, source: Source) -> None:
    file_import.rows.all().delete()
    table = source.table
    used = set(source.mapping.values())
    unused = columns.unused(table.headings, source.mapping)
    file_import.layout = {
        **file_import.layout,
        "headings": table.headings,
        "mapping": source.mapping,
        "unused": [table.headings[place] for place in unused if table.headings[place]],
        "secret": source.secret,
        "header_line": table.header_line,
    }
    file_import.facts = {
        "rows": source.survey.rows,
        "words": table.words,
        "dates": source.survey.dates,
        "used": len(used),
        "columns": len(used) + len(unused),
        "skipped": dict(table.skipped),
    }
    file_import.job.total = source.survey.rows


def _match_all(file_import: Import, source: Source, tell: Tell) -> None:
    work = work_of(file_import, source)
    counts: Counter[str] = Counter()
    repaired: Counter[str] = Counter({"repeat": len(source.survey.again)})
    worth_knowing: Counter[str] = Counter()
    today = date.today()
    for chunk in work.chunks():
        matches = work.match(chunk)
        room = {word: KEPT - counts[word] for word in (matching.NEW, matching.UNCHANGED)}
        counts.update(match.word for match in matches)
        for match in matches:
            if match.word != matching.NOT_VALID:
                repaired.update(set(match.row.repaired))
                worth_knowing.update(worth.notes(source.kind, match.row.values, today))
        ImportRow.objects.bulk_create(_kept(file_import, source, matches, room))
        file_import.job.done += len(chunk)
        file_import.job.save(update_fields=["done", "total", "heartbeat_at"])
        tell(file_import.job.done, file_import.job.total)
    file_import.facts.update(counts=dict(counts), repaired=dict(+repaired), worth=dict(worth_knowing))
    file_import.facts.update(work.told())
    file_import.layout = {**file_import.layout, **work.layout()}
    file_import.state, file_import.checked_at = Import.State.CHECKED, timezone.now()
    file_import.save()


def _kept(file_import: Import, source: Source, matches: list[Match], room: dict[str, int]) -> list[ImportRow]:
    """`room`: {word: how many more of its rows are kept}; all rows of a word that is not in it are."""
    rows = []
    for match in matches:
        if match.word in room:
            room[match.word] -= 1
            if room[match.word] < 0:
                continue
        rows.append(
            ImportRow(
                file_import=file_import,
                line=match.row.line,
                word=match.word,
                record_id=match.record.pk if match.record else None,
                content=_content(source, match),
            )
        )
    return rows


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
