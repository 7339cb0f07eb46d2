"""The page of one import: being checked, ready, importing, done. GET only shows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from partnerportal.accounts.middleware import POLL_HEADER
from partnerportal.console import formats, keyset
from partnerportal.console import importing_rows as rows
from partnerportal.console import importing_words as words
from partnerportal.console.acting import acting
from partnerportal.console.audit_words import actor
from partnerportal.console.importing_money import push_label, questions
from partnerportal.console.importing_seen import visible_import
from partnerportal.records.imports import columns, undoing
from partnerportal.records.imports.catalogue import KINDS
from partnerportal.records.imports.kept import KEPT
from partnerportal.records.imports.matching import CHANGED, NEW, UNCHANGED
from partnerportal.records.models import Import, ImportRow

TABS = (
    (ImportRow.Word.NOT_VALID, "Not valid"),
    (ImportRow.Word.MAYBE, "Maybe already here"),
    (ImportRow.Word.NEW, "New"),
    (ImportRow.Word.CHANGED, "Changed"),
    (ImportRow.Word.UNCHANGED, "Unchanged"),
)
FIRST_ONLY = (ImportRow.Word.NEW, ImportRow.Word.UNCHANGED)  # of the others every row is kept
STEPS = ("Choose", "Check", "Result")


def job_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole page; for its own script only the part that moves."""
    found = visible_import(request, pk)
    if POLL_HEADER in request.headers:
        return render(request, "files/live.html", {"import": found, **_progress(found)})
    return render(request, "files/job.html", _context(request, found))


def to_import(found: Import) -> int:
    """Rows that go in: new ones, changed ones, and those a person decided."""
    counts = found.facts.get("counts", {})
    decided = found.rows.filter(word=ImportRow.Word.MAYBE).exclude(decision="").count()
    return int(counts.get(NEW, 0) + counts.get(CHANGED, 0) + decided)


def _context(request: HttpRequest, found: Import) -> dict[str, Any]:
    kind = KINDS[found.kind]
    ready, done = found.state == Import.State.CHECKED, found.state == Import.State.DONE
    number = to_import(found) if ready else 0
    may_act = request.user.has_perm(kind.permission)
    context = {
        "title": f"Import {found.short_id}",
        "import": found,
        "kind": kind,
        "word": words.word(found),
        "by": actor(found.job.actor),
        "step": 1 if found.checked_at is None or not found.applied_at else 2,
        "steps": STEPS,
        "summary": words.summary(found),
        "counts": words.counts(found),
        "repaired": words.repaired(found),
        "worth": words.worth_knowing(found),
        "may_act": may_act,
        "may_map": may_act and _can_be_mapped(found),
        "number": number,
        "import_label": words.import_label(found, number),
        "comes_to": words.comes_to(found),
        "nothing": _nothing(found) if ready and not number else "",
        "by_memory": _by_memory(request, found),
        "unused": found.layout.get("unused", []),
        "again_after": found.layout.get("again_after", "") if ready else "",
        **_progress(found),
        **_rows(request, found),
    }
    if ready and may_act:
        context.update(questions(found) | rows.left_empty(found))
    if done and may_act:
        context.update(_after(request, found))
    if found.state == Import.State.UNDONE:
        context["undone"] = _undone(found)
    return context


def _can_be_mapped(found: Import) -> bool:
    """A table whose columns are known, or were perhaps said wrong; while its file is there."""
    said_wrong = bool(found.facts.get("columns_missing")) or columns.said(found.layout) is not None
    known = found.state == Import.State.CHECKED or (found.state == Import.State.REFUSED and said_wrong)
    return known and found.file_gone_at is None


def _by_memory(request: HttpRequest, found: Import) -> dict[str, Any] | None:
    """Whose mapping of an earlier file this one was read by: `who` and `day` in words."""
    recalled = found.layout.get("recalled")
    if not recalled or found.layout.get("chosen"):
        return None
    mine = recalled["by"] == acting(request).actor
    return {
        "who": "you" if mine else actor(recalled["by"]),
        "day": formats.on_day(datetime.fromisoformat(recalled["at"])),
    }


def _progress(found: Import) -> dict[str, Any]:
    job = found.job
    percent = round(100 * job.done / job.total) if job.total else 0
    return {"open": found.state in Import.OPEN, "percent": min(percent, 100), "job": job}


def _nothing(found: Import) -> str:
    counts = found.facts.get("counts", {})
    kind = KINDS[found.kind]
    if counts.get(UNCHANGED) and not counts.get("not_valid") and not counts.get("maybe"):
        if counts[UNCHANGED] == 1:
            return f"Nothing to do: the one {kind.one} is here and the same."
        return f"Nothing to do: all {words.of_many(kind, counts[UNCHANGED])} are here and the same."
    return "Nothing can go in as it is: correct the rows below, or decide them."


def _rows(request: HttpRequest, found: Import) -> dict[str, Any]:
    """The tab that is open; the first that holds rows, unless the address says another."""
    counts = found.facts.get("result") or found.facts.get("counts", {})
    kept: dict[str, int] = {word: counts.get(word, 0) for word, _ in TABS}
    asked = request.GET.get("tab", "")
    tab = asked if asked in kept else next((word for word, number in kept.items() if number), "")
    page = keyset.slice_of(found.rows.filter(word=tab), request.GET, ascending=True)
    return {
        "tabs": [(word, label, kept[word]) for word, label in TABS if kept[word]],
        "tab": tab,
        "page": page,
        "rows": rows.shown(page.rows, found, request.user),
        "rows_gone": found.file_gone_at is not None,
        "first": KEPT if tab in FIRST_ONLY and kept[tab] > KEPT else 0,
        "size": keyset.SIZE,
    }


def _undone(found: Import) -> str:
    """What went back, in words; the rows that say so stay after the records went."""
    made = found.records.filter(noun=KINDS[found.kind].noun, created=True).count()
    return words.undone(found, made, found.records.filter(created=False).count())


def _after(request: HttpRequest, found: Import) -> dict[str, Any]:
    """What one can do with an import that is in: push it, or take it back."""
    return {
        "push": push_label(found, request.user) if request.user.has_perm("delivery.push") else "",
        "undo_hindrance": undoing.hindrance(found),
    }
