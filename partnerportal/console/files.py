"""Files: the list of imports. Imports the records' imports and the console's paging."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from partnerportal.console import importing_words as words
from partnerportal.console import keyset
from partnerportal.console.audit_words import actor
from partnerportal.records.imports.catalogue import KINDS
from partnerportal.records.models import Import

VIEWS = (
    ("", "All", ()),
    ("open", "Open", (Import.State.CHECKING, Import.State.CHECKED, Import.State.IMPORTING)),
    ("done", "Imported", (Import.State.DONE,)),
    ("left", "Not imported", (Import.State.REFUSED, Import.State.CANCELLED, Import.State.UNDONE)),
)


def file_list(request: HttpRequest) -> HttpResponse:
    view = request.GET.get("view", "")
    rows = _seen(request, view)
    page = keyset.slice_of(rows.select_related("job", "enterprise").defer("layout"), request.GET)
    context = {
        "title": "Files",
        "tabs": [(label, f"?view={slug}" if slug else "?", slug == view) for slug, label, _ in VIEWS],
        "page": page,
        "rows": [_line(row) for row in page.rows],
        "narrowed": bool(view),
        "may_import": may_import(request.user),
    }
    return render(request, "files/list.html", context)


def may_import(user: Any) -> bool:
    return any(user.has_perm(kind.permission) for kind in KINDS.values())


def _seen(request: HttpRequest, view: str) -> QuerySet[Import]:
    rows: QuerySet[Import] = Import.objects.visible_to(request.user)
    states = next((states for slug, _, states in VIEWS if slug == view), ())
    return rows.filter(state__in=states) if states else rows


def _line(row: Import) -> dict[str, Any]:
    counts = [(number, label) for number, label in words.counts(row) if number]
    return {
        "import": row,
        "kind": KINDS[row.kind].many,
        "word": words.word(row),
        "counts": " · ".join(f"{number:,} {label}" for number, label in counts),
        "by": actor(row.job.actor),
    }
