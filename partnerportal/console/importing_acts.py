"""What one does with an import: import, cancel, decide, undo, push, download. POST only, each an entry.

Imports the records' imports, delivery's plans and the audit.
"""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from partnerportal.audit import entries
from partnerportal.console.acting import acting
from partnerportal.console.importing_money import nouns_of, unsent
from partnerportal.console.importing_rows import to_correct
from partnerportal.console.importing_seen import visible_import
from partnerportal.console.importing_words import made_of
from partnerportal.console.people import current
from partnerportal.delivery.models import Plan
from partnerportal.delivery.plans import make_plan_of, what_goes
from partnerportal.kernel.numbers import counted
from partnerportal.records.imports import services, undoing
from partnerportal.records.imports.catalogue import KINDS
from partnerportal.records.models import Import


def _own(request: HttpRequest, pk: int) -> Import:
    """Visible, and of a kind the person may import. Raises Http404 or PermissionDenied."""
    found = visible_import(request, pk)
    if not request.user.has_perm(KINDS[found.kind].permission):
        raise PermissionDenied("import")
    return found


@require_POST
def import_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    found = _own(request, pk)
    try:
        services.confirm(acting(request), found)
    except services.NotReady as why:
        messages.warning(request, str(why))
    return redirect("job", pk)


@require_POST
def import_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    found = _own(request, pk)
    try:
        services.cancel(acting(request), found)
    except services.NotReady as why:
        messages.warning(request, str(why))
        return redirect("job", pk)
    messages.info(
        request, f"{found.short_id} is cancelled. Nothing of the file went in, and the file is gone."
    )
    return redirect("files")


@require_POST
def import_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Whether a row is the person who is here already, or someone else; "" takes the decision back."""
    found = _own(request, pk)
    line = request.POST.get("line", "")
    try:
        number = int(line) if line.isascii() and line.isdigit() and len(line) < 10 else 0
        services.decide(acting(request), found, number, request.POST.get("decision", ""))
    except services.NotReady as why:
        messages.warning(request, str(why))
    return redirect(f"{reverse('job', args=[pk])}?tab=maybe#line-{number}")


@require_POST
def import_empty(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave the refused cells of one column, for one reason, empty in all rows; without `leave`, no more."""
    found = _own(request, pk)
    field, reason = request.POST.get("field", ""), request.POST.get("reason", "")
    try:
        services.leave_empty(acting(request), found, field, reason, leave=bool(request.POST.get("leave")))
    except services.NotReady as why:
        messages.warning(request, str(why))
    return redirect("job", pk)


def import_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """GET says what will happen; POST takes the import back, or says why it can't."""
    found = _own(request, pk)
    if request.method == "POST":
        try:
            number = undoing.undo(found, acting(request, enterprise=found.enterprise_id))
        except undoing.CannotUndo as why:
            messages.error(request, str(why))
        else:
            messages.success(request, f"{found.short_id} is undone: {counted(number, 'record')} went back.")
        return redirect("job", pk)
    context = {
        "title": f"Undo import {found.short_id}",
        "import": found,
        "hindrance": undoing.hindrance(found),
        "made": made_of(
            KINDS[found.kind].noun,
            found.records.filter(noun=KINDS[found.kind].noun, created=True).count(),
        ),
        "changed": found.records.filter(created=False).count(),
    }
    return render(request, "files/undo.html", context)


@require_POST
def import_push(request: HttpRequest, pk: int) -> HttpResponse:
    """One plan of all that the import brought, whatever it is; its page is the next step."""
    found = _own(request, pk)
    rows = {noun: unsent(found, noun, request.user) for noun in nouns_of(found)}
    rows = rows or {KINDS[found.kind].noun: services.imported(found).none()}
    plan = make_plan_of(current(request), rows)
    title = f"Push {what_goes(plan)} of import {found.short_id}"
    Plan.objects.filter(pk=plan.pk).update(title=title[:120], origin_url=reverse("job", args=[pk]))
    return redirect("plan", plan.pk)


@require_POST
def import_rows(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The rows that stayed out, as a CSV to correct. An export of patient data: an entry."""
    found = _own(request, pk)
    about = acting(request, enterprise=found.enterprise_id).about(record=found.record_name)
    entries.write("import_rows_exported", about, {"rows": found.facts.get("counts", {}).get("not_valid", 0)})
    answer = StreamingHttpResponse(to_correct(found), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="rows-{found.short_id}.csv"'
    answer["Cache-Control"] = "no-store"
    return answer
