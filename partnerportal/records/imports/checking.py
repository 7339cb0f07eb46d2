"""The preview: reads the whole file, matches it, and keeps counts and the rows someone must read.

It changes no record. Imports models and its siblings. Run again after a crash, it starts over.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from partnerportal.jobs.models import Job
from partnerportal.records.imports import columns, freshness, kept
from partnerportal.records.imports.findings import Findings
from partnerportal.records.imports.progress import Tell, silent
from partnerportal.records.imports.refusal import ColumnsMissing, Refusal
from partnerportal.records.imports.source import Source, open_source
from partnerportal.records.imports.storage import FileGone
from partnerportal.records.imports.turn import turn
from partnerportal.records.imports.work import work_of
from partnerportal.records.models import Import


def check(pk: int, tell: Tell = silent) -> None:
    """Bring an import from "being checked" to "ready" or "can't be read". Does nothing in any other state."""
    with turn(pk) as mine:
        file_import = Import.objects.select_related("job", "enterprise").get(pk=pk)
        if not mine or file_import.state != Import.State.CHECKING:
            return
        try:
            mark, decided = freshness.mark(file_import), kept.decisions(file_import)
            source = open_source(file_import)
            _survey_into(file_import, source)
            file_import.facts["mark"] = mark
            _match_all(file_import, source, decided, tell)
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


def _match_all(file_import: Import, source: Source, decided: kept.Decided, tell: Tell) -> None:
    work, found = work_of(file_import, source), Findings(source.kind, len(source.survey.again))
    for chunk in work.chunks():
        matches = work.match(chunk)
        kept.keep(file_import, source, matches, found.counts, decided)
        found.add(matches)
        file_import.job.done += len(chunk)
        file_import.job.save(update_fields=["done", "total", "heartbeat_at"])
        tell(file_import.job.done, file_import.job.total)
    file_import.facts.update(found.facts() | work.told())
    file_import.layout = {**file_import.layout, **work.layout(), **found.layout()}
    file_import.state, file_import.checked_at = Import.State.CHECKED, timezone.now()
    file_import.save()
