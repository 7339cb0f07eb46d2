"""Step 2 of an import, only if needed: which column of the file is which of ours, said by hand."""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from partnerportal.console.acting import acting
from partnerportal.console.importing_seen import visible_import
from partnerportal.records.imports import columns, services
from partnerportal.records.imports.catalogue import KINDS
from partnerportal.records.imports.columns import Mapping
from partnerportal.records.imports.reading import open_table
from partnerportal.records.imports.refusal import Refusal
from partnerportal.records.imports.storage import FileGone, load
from partnerportal.records.imports.table import Table
from partnerportal.records.models import Import

SAMPLES = 3


def import_columns(request: HttpRequest, pk: int) -> HttpResponse:
    """GET shows our fields, the file's columns and three sample values each; POST checks the file again."""
    found = visible_import(request, pk)
    kind = KINDS[found.kind]
    if not request.user.has_perm(kind.permission):
        raise PermissionDenied("import")
    try:
        table = open_table(load(found), partial(columns.score, kind))
        if request.method == "POST":
            remember = table.headings if request.POST.get("remember") else ()
            services.choose_columns(acting(request), found, _chosen(request, found, table), remember=remember)
            return redirect("job", pk)
    except (Refusal, FileGone, services.NotReady) as why:
        messages.warning(request, str(why))
        return redirect("job", pk)
    return render(request, "files/columns.html", _context(found, table))


def _chosen(request: HttpRequest, found: Import, table: Table) -> Mapping:
    """{our name: place}; "" is none. A place given twice stays with the first. Raises Refusal."""
    mapping: Mapping = {}
    for column in KINDS[found.kind].columns:
        text = request.POST.get(f"column-{column.name}", "")
        if text.isascii() and text.isdigit() and int(text) < len(table.headings):
            if int(text) in mapping.values():
                raise Refusal(f"“{table.headings[int(text)]}” is chosen twice. Choose it once.")
            mapping[column.name] = int(text)
    columns.require(KINDS[found.kind], table.headings, mapping)
    return mapping


def _context(found: Import, table: Table) -> dict[str, Any]:
    kind = KINDS[found.kind]
    recognised = columns.recognise(kind, table.headings)
    now = columns.said(found.layout) or recognised
    # An SSN that was mapped to nothing is an SSN still.
    secret = [c.name for c in kind.columns if c.is_secret]
    hidden = {mapping[name] for mapping in (now, recognised) for name in secret if name in mapping}
    rows = [cells for _, cells in islice(table.rows(), SAMPLES)]
    offered = [(place, heading or f"(column {place + 1})") for place, heading in enumerate(table.headings)]
    return {
        "title": f"Columns of import {found.short_id}",
        "import": found,
        "fields": [
            (column, now.get(column.name), _samples(rows, now.get(column.name), hidden))
            for column in kind.columns
        ],
        "offered": offered,
        "unused": [
            (offered[place][1], _samples(rows, place, hidden))
            for place in columns.unused(table.headings, now)
        ],
    }


def _samples(rows: list[list[str]], place: int | None, hidden: set[int]) -> str:
    if place is None or place in hidden:
        return ""
    return " · ".join(cells[place] for cells in rows if place < len(cells) and cells[place])
