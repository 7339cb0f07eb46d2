"""Bringing the good rows in: a chunk of 1,000 rows is a transaction that also stores how far it came.

Killed at any point it goes on behind the last chunk that is in. Each row is matched again as things stand
now, so that what changed since the preview is neither doubled nor overwritten unseen. Imports its siblings.
"""

from __future__ import annotations

from collections import Counter

import pghistory
from django.db import IntegrityError, transaction
from django.utils import timezone

from partnerportal.audit import entries
from partnerportal.audit.context import Context
from partnerportal.jobs.models import Job
from partnerportal.kernel import correlation
from partnerportal.records import locks
from partnerportal.records.imports import freshness, kept, writing
from partnerportal.records.imports.progress import Tell, silent
from partnerportal.records.imports.rows import Row
from partnerportal.records.imports.source import Source, open_source
from partnerportal.records.imports.turn import turn
from partnerportal.records.imports.work import Work, work_of
from partnerportal.records.models import Import, ImportedRecord

_TRIES = 3  # a chart number taken by someone else meanwhile: the chunk is matched once more


def apply(pk: int, tell: Tell = silent) -> None:
    """Go on with an import that is being imported, to its end. Does nothing in any other state."""
    with turn(pk) as mine:
        file_import = Import.objects.select_related("job", "enterprise").get(pk=pk)
        if not mine or file_import.state != Import.State.IMPORTING:
            return
        with correlation.correlated(file_import.job.correlation_id):
            _apply(file_import, tell)


def _apply(file_import: Import, tell: Tell) -> None:
    source = open_source(file_import)
    work = work_of(file_import, source)
    for chunk in work.chunks(after=file_import.position):
        _chunk(file_import, source, work, chunk)
        tell(file_import.job.done, file_import.job.total)
    _finish(file_import, source)


def _chunk(file_import: Import, source: Source, work: Work, chunk: list[Row]) -> None:
    for attempt in range(1, _TRIES + 1):
        try:
            with transaction.atomic(), pghistory.context(**_why(file_import)):
                locks.ids(Import.objects.filter(pk=file_import.pk))
                locks.ids(Job.objects.filter(pk=file_import.job_id))
                counts = _write(file_import, source, work, chunk)
                _record_progress(file_import, counts, chunk)
            return
        except IntegrityError:
            file_import.refresh_from_db()
            if attempt == _TRIES:
                raise


def _why(file_import: Import) -> dict[str, str]:
    """What the history says about each row this chunk writes."""
    return {"actor": file_import.job.actor, "cause": file_import.record_name}


def _write(file_import: Import, source: Source, work: Work, chunk: list[Row]) -> Counter[str]:
    """The rows go in, and the page shows of them what became of them, not what the check had found."""
    matches = work.match(chunk, lock=True)
    ImportedRecord.objects.bulk_create(writing.remembered(file_import, work.write(matches)))
    kept.keep(file_import, source, matches, file_import.facts.get("result", {}), {})
    return Counter(match.word for match in matches)


def _record_progress(file_import: Import, counts: Counter[str], chunk: list[Row]) -> None:
    result = Counter(file_import.facts.get("result", {})) + counts
    file_import.facts["result"] = dict(result)
    file_import.position = chunk[-1].line
    file_import.save(update_fields=["facts", "position"])
    file_import.job.done = sum(result.values())
    file_import.job.save(update_fields=["done", "heartbeat_at"])


def _finish(file_import: Import, source: Source) -> None:
    with transaction.atomic():
        file_import.state, file_import.applied_at = Import.State.DONE, timezone.now()
        file_import.save(update_fields=["state", "applied_at"])
        job = file_import.job
        job.state, job.finished_at = Job.State.DONE, timezone.now()
        job.done, job.report = job.total, dict(file_import.facts.get("result", {}))
        job.save()
        context = Context(
            actor=job.actor,
            origin="command" if job.staff_id is None else "console",
            record=file_import.record_name,
            enterprise=file_import.enterprise_id,
        )
        entries.write("file_imported", context, {"kind": source.kind.name, **job.report})
    with transaction.atomic():
        freshness.recheck_others(file_import)
