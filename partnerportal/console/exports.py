"""Files › Exports: choose what goes into a file, watch it being written, download it. Imports exporting.

Each file is its asker's alone. A download is a POST, and an entry.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from partnerportal.accounts.middleware import POLL_HEADER
from partnerportal.console import exporting, keyset
from partnerportal.console.acting import acting
from partnerportal.console.counting import count
from partnerportal.console.export_lists import NO_ENTERPRISE
from partnerportal.console.words import Word
from partnerportal.jobs.models import Job
from partnerportal.kernel.dispatch import ring
from partnerportal.kernel.numbers import counted
from partnerportal.records.exports import services, storage
from partnerportal.records.exports.columns import IDS_WORDS
from partnerportal.records.models import Enterprise, Export

HERE = 500  # so many rows are written while the person waits
TASK = "partnerportal.console.tasks.write_export"
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
GONE = Word("Gone", "grey", "delete")
WORDS = {
    Job.State.RUNNING: Word("Being written", "blue", "hourglass_top"),
    Job.State.DONE: Word("Ready", "green", "check"),
    Job.State.FAILED: Word("Not written", "red", "error"),
}


class ChoiceForm(forms.Form):
    """What is chosen for a file; the selection travels along as the list's form said it."""

    shape = forms.ChoiceField(choices=Export.Shape.choices, initial=Export.Shape.ROWS)
    form = forms.ChoiceField(choices=Export.Form.choices, initial=Export.Form.CSV)
    clear = forms.BooleanField(required=False)


def export_list(request: HttpRequest) -> HttpResponse:
    rows = Export.objects.visible_to(request.user).select_related("job").defer("asked")
    page = keyset.slice_of(rows, request.GET)
    context = {
        "title": "Exports",
        "page": page,
        "rows": [{"export": row, "word": word(row), "about": _about(row), **_when(row)} for row in page.rows],
        "days": storage.keep_days(),
    }
    return render(request, "exports/list.html", context)


def word(export: Export) -> Word:
    return GONE if export.gone_at else WORDS.get(Job.State(export.job.state), WORDS[Job.State.FAILED])


def _about(export: Export) -> str:
    """Its word in the error catalogue; "" for a file that is there, or being written."""
    if export.gone_at:
        return "gone"
    return export.job.report.get("problem") or "" if export.job.state == Job.State.FAILED else ""


def _when(export: Export) -> dict[str, Any]:
    ready = export.job.state == Job.State.DONE and export.gone_at is None
    return {"ready": ready, "goes_at": export.created_at + timedelta(days=storage.keep_days())}


@require_POST
def export_choose(request: HttpRequest) -> HttpResponse:
    """A page that changes nothing; a POST, because a list's search may hold a name."""
    noun = exporting.noun_of(request.POST, request.user)
    return _choose(request, noun, exporting.asked_of(request.POST))


def _choose(request: HttpRequest, noun: str, asked: dict[str, Any]) -> HttpResponse:
    rows = exporting.chosen(request.user, noun, asked)
    number = count(rows)
    context = {
        "title": f"Export {exporting.plural(noun)}",
        "noun": noun,
        "many": exporting.plural(noun),
        "number": number,
        "label": f"Export {number} {exporting.plural(noun)}" if number.number != 1 else f"Export 1 {noun}",
        "narrowed": exporting.narrowed_by(request.user, noun, asked),
        "kept": _kept(request),
        "shape": request.POST.get("shape", "rows"),
        "columns": [column.heading for column in exporting.columns_of(noun, "rows")],
        "ids_word": IDS_WORDS.get(noun, ""),
        "may_see_clear": services.may_see_clear(request.user),
        "hides": noun in ("patient", "doctor"),
        "masked": exporting.masked_words(noun),
        "days": storage.keep_days(),
        "back": exporting.page_of(noun),
    }
    return render(request, "exports/choose.html", context)


def _kept(request: HttpRequest) -> list[tuple[str, str]]:
    """The selection as hidden inputs of the next form."""
    single = [(name, request.POST.get(name, "")) for name in ("noun", "scope", "query")]
    return [*single, *[("ids", text) for text in request.POST.getlist("ids")]]


@require_POST
def export_start(request: HttpRequest) -> HttpResponse:
    noun = exporting.noun_of(request.POST, request.user)
    asked, form = exporting.asked_of(request.POST), ChoiceForm(request.POST)
    if not form.is_valid():
        return _choose(request, noun, asked)
    number = count(exporting.chosen(request.user, noun, asked)).number
    clear = form.cleaned_data["clear"] and services.may_see_clear(request.user)
    wanted = services.Wanted(
        noun=noun,
        plural=exporting.plural(noun),
        shape=form.cleaned_data["shape"],
        form=form.cleaned_data["form"],
        masked=not clear,
        asked=asked,
        total=number,
        enterprise=_enterprise(request.user, asked),
    )
    export = services.begin(acting(request), int(request.user.pk or 0), wanted)
    if number <= HERE:
        exporting.write(export.pk)
    else:
        ring(TASK, export.pk, queue="background")
    return redirect("export", export.pk)


def _enterprise(user: Any, asked: dict[str, Any]) -> int | None:
    """The one enterprise that the list was narrowed to, where it is in the person's scope."""
    named = str(asked.get("query", {}).get("enterprise", ""))
    known = named.isascii() and named.isdigit() and len(named) < 19
    seen = Enterprise.objects.visible_to(user).filter(pk=named) if known else Enterprise.objects.none()
    return seen.values_list("pk", flat=True).first()


def export_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole page; for its own script only the part that moves."""
    export = _own(request, pk)
    job = export.job
    context = {
        "title": f"Export {export.short_id}",
        "about": _about(export),
        "export": export,
        "job": job,
        "word": word(export),
        "open": job.state == Job.State.RUNNING,
        "percent": min(round(100 * job.done / job.total), 100) if job.total else 0,
        "rows": counted(job.done, export.noun, exporting.plural(export.noun)),
        "narrowed": exporting.narrowed_by(request.user, export.noun, export.asked),
        "days": storage.keep_days(),
        "problem": services.PROBLEMS.get(job.report.get("problem", ""), job.report.get("problem", "")),
        "out_of_sight": not _in_scope(request.user, export),
        **_when(export),
    }
    return render(
        request, "exports/live.html" if POLL_HEADER in request.headers else "exports/page.html", context
    )


@require_POST
@never_cache
def export_download(request: HttpRequest, pk: int) -> HttpResponseBase:
    export = _own(request, pk)
    if not _when(export)["ready"] or not _in_scope(request.user, export):
        raise Http404
    answer = StreamingHttpResponse(
        services.handed_out(acting(request), export), content_type=TYPES[export.form]
    )
    answer["Content-Disposition"] = f'attachment; filename="{export.filename}"'
    answer["Content-Length"] = str(export.size)
    return answer


@require_POST
def export_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """The file goes before its time."""
    services.dropped(acting(request), _own(request, pk))
    return redirect("export", pk)


def _own(request: HttpRequest, pk: int) -> Export:
    return get_object_or_404(Export.objects.visible_to(request.user).select_related("job"), pk=pk)


def _in_scope(user: Any, export: Export) -> bool:
    """What a person could see when they asked they may have lost since; and so with the clear values."""
    if not export.masked and not services.may_see_clear(user):
        return False
    if user.all_enterprises:
        return True
    return set(export.enterprises) - {NO_ENTERPRISE} <= set(
        user.scope.values_list("enterprise_id", flat=True)
    )
