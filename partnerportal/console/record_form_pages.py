"""Add and edit a record. Saving is one service call; what can't be sent yet is saved and said.."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from partnerportal.accounts.models import Staff
from partnerportal.console import enterprise_practices, gone, meanwhile, saving, sections, shown, standing
from partnerportal.console.acting import acting
from partnerportal.console.forms import FORMS, RecordForm
from partnerportal.console.record_pages import in_sight
from partnerportal.delivery.plans import make_plan
from partnerportal.records.joining import survivor_of
from partnerportal.records.models import NOUNS, Enterprise, Mirror


@dataclass(frozen=True)
class Field:
    """One field as the form shows it: what is wrong with it, and what somebody else saved in it."""

    bound: BoundField
    width: str
    problem: str
    clash: Any
    is_needed: bool
    vendor: str


def add_page(request: HttpRequest, noun: str) -> HttpResponse:
    enterprise = _enterprise(request) if noun != "enterprise" else None
    if noun != "enterprise" and enterprise is None:
        return _choose_enterprise(request, noun)
    instance = NOUNS[noun](**({"enterprise": enterprise} if enterprise else {}))
    form = FORMS[noun](request.POST or None, instance=instance)
    practices = enterprise_practices.rows(request) if noun == "enterprise" else None
    if request.method == "POST" and form.is_valid() and (practices is None or practices.is_valid()):
        record = saving.add(form, acting(request))
        if practices is not None:
            enterprise_practices.add_all(practices, record, acting(request))
        return _after(request, record)
    context = {"title": f"Add {noun}", "enterprise": enterprise, "practices": practices}
    return _render(request, form, context)


def edit_page(request: HttpRequest, noun: str, pk: int) -> HttpResponse:
    if request.method == "POST" and not NOUNS[noun].objects.filter(pk=pk).exists():
        return gone.deleted(request, noun, pk)
    record = in_sight(request, noun, pk)
    survivor = survivor_of(record) if noun == "patient" else None
    if survivor is not None:
        return gone.joined(request, record, survivor)
    form = FORMS[noun](request.POST or None, instance=in_sight(request, noun, pk))
    context = {
        "title": f"Edit {record}",
        "record": record,
        "enterprise": getattr(record, "enterprise", record),
        "opened": meanwhile.asked(request.POST),
    }
    if request.method != "POST" or not form.is_valid():
        return _render(request, form, {**context, "problems": _known_problems(record)})
    choices = {name: request.POST.get(f"clash-{name}", "") for name in request.POST.getlist("clashed")}
    try:
        saved, fields, clashes = saving.save_changes(form, acting(request, record), choices)
    except saving.Gone:
        return gone.deleted(request, noun, pk)
    if clashes:
        again = _with_fresh_snapshot(request, noun, saved, clashes)
        return _render(request, again, {**context, "clashes": clashes, "meanwhile": saving.saved_last(saved)})
    if not fields:
        messages.info(request, "Nothing was changed.")
    for act in meanwhile.since(noun, pk, context["opened"], request.user):
        messages.info(request, f"While you edited, {act.sentence}. Both are kept.")
    return _after(request, saved)


def _with_fresh_snapshot(
    request: HttpRequest, noun: str, row: Any, clashes: list[saving.Clash]
) -> RecordForm:
    """What was typed stays; what the page says it showed is now what is stored, for the fields just shown."""
    data = request.POST.copy()
    fresh = dict(FORMS[noun](instance=row).snapshot())
    for clash in clashes:
        data[f"was-{clash.name}"] = fresh[f"was-{clash.name}"]
    form = FORMS[noun](data, instance=in_sight(request, noun, row.pk))
    form.is_valid()
    return form


def _after(request: HttpRequest, record: Mirror) -> HttpResponse:
    """[Save] leads to the record; [Save and push…] to its plan, or back to what keeps it from going."""
    if "push" not in request.POST or not request.user.has_perm("delivery.push"):
        messages.success(request, f"{record} is saved.")
        return redirect(f"admin:records_{record.noun}_change", record.pk)
    if record.not_valid:
        messages.warning(request, f"{record} is saved, and can't be sent yet.")
        return redirect(f"admin:records_{record.noun}_edit", record.pk)
    rows = NOUNS[record.noun].objects.visible_to(request.user).filter(pk=record.pk)
    plan = make_plan(cast(Staff, request.user), record.noun, rows, title=f"Push {record}")
    return redirect("plan", plan.pk)


def _known_problems(record: Any) -> dict[str, str]:
    """Per field why it can't be sent: our rules, and what Inbox Health refused last time."""
    delivery = standing.deliveries_of([record]).get(record.pk)
    refused = ((delivery.detail or {}).get("errors", {}) if delivery else {}) or {}
    said = {
        name: f"Inbox Health refused it: {'; '.join(map(str, words))}." for name, words in refused.items()
    }
    return {**said, **dict(record.not_valid)}


def _render(request: HttpRequest, form: RecordForm, context: dict[str, Any]) -> HttpResponse:
    clashes = {clash.name: clash for clash in context.get("clashes", [])}
    problems = context.get("problems", {})
    grouped = [
        (section, _fields(form, section, problems, clashes)) for section in sections.SECTIONS[form.noun]
    ]
    wrong = [
        field
        for _, fields in grouped
        for field in fields
        if field.bound.errors or field.clash or field.problem
    ]
    more = {
        "form": form,
        "noun": form.noun,
        "sections": [(section, fields) for section, fields in grouped if fields],
        "wrong": wrong,
        "refused": bool(form.errors or clashes),
        "may_push": request.user.has_perm("delivery.push"),
    }
    return render(request, "records/form.html", {**context, **more}, status=422 if more["refused"] else 200)


def _fields(form: RecordForm, section: sections.Section, problems: Any, clashes: Any) -> list[Field]:
    wire = NOUNS[form.noun].wire
    needed = {attribute.name for attribute in wire.attributes if attribute.required}
    return [
        Field(
            form[name],
            section.widths.get(name, ""),
            problems.get(name, ""),
            _words(name, clashes.get(name)),
            name in needed,
            shown.vendor_name(wire, name),
        )
        for name in section.fields
        if name in form.fields
    ]


def _words(name: str, clash: saving.Clash | None) -> Any:
    if clash is None:
        return None
    return {"mine": shown.text(name, clash.mine), "theirs": shown.text(name, clash.theirs)}


def _enterprise(request: HttpRequest) -> Enterprise | None:
    """The one named in the address; the only one in sight where none is named."""
    rows = Enterprise.objects.visible_to(request.user)
    named = request.GET.get("enterprise", "")
    if named:
        found: Enterprise = get_object_or_404(rows, pk=int(named) if named.isdecimal() else 0)
        return found
    some = list(rows[:2])
    return some[0] if len(some) == 1 else None


def _choose_enterprise(request: HttpRequest, noun: str) -> HttpResponse:
    rows = Enterprise.objects.visible_to(request.user).light().order_by("name")[:200]
    return render(
        request, "records/choose_enterprise.html", {"title": f"Add {noun}", "noun": noun, "rows": rows}
    )
