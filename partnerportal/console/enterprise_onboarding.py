"""The Onboarding tab of an enterprise: its steps, each with the button that takes it further, notes, owner.

Imports records' onboarding and accounts. Each act is a POST and an entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from partnerportal.accounts.models import Staff
from partnerportal.console.acting import acting
from partnerportal.console.audit_words import actor
from partnerportal.console.record_pages import frame_of, in_sight
from partnerportal.records import onboarding
from partnerportal.records.models import Enterprise, OnboardingNote, Patient

MOST_NOTES = 50


@dataclass(frozen=True)
class Button:
    """A link, or a POST with `said` as its hidden inputs."""

    label: str
    href: str
    said: tuple[tuple[str, str], ...] = ()

    @property
    def post(self) -> bool:
        return bool(self.said)


def onboarding_page(request: HttpRequest, pk: int) -> HttpResponse:
    enterprise = in_sight(request, "enterprise", pk)
    row = _measured(pk)
    steps, user = onboarding.steps(row), request.user
    first = onboarding.first_sent(enterprise)
    following = onboarding.following(steps)
    context = {
        **frame_of(request, enterprise, "onboarding"),
        "steps": [(step, _button(step, row, user), step is following) for step in steps],
        "summary": onboarding.summary(steps),
        "done": sum(step.done for step in steps),
        "first": first,
        "said": getattr(row, "onboarding", None),
        "checked_by": actor(row.onboarding.checked_by) if _checked(row) else "",
        "people": _people(enterprise),
        "notes": [(actor(note.actor), note) for note in _notes(enterprise)],
        "may_act": user.has_perm("records.change_enterprise"),
    }
    return render(request, "records/onboarding.html", context)


def _measured(pk: int) -> Any:
    return onboarding.measured(Enterprise.objects.filter(pk=pk)).get()


def _checked(row: Any) -> bool:
    return bool(getattr(row, "onboarding", None) and row.onboarding.checked_at)


def _notes(enterprise: Any) -> Any:
    return OnboardingNote.objects.filter(enterprise=enterprise).order_by("-pk")[:MOST_NOTES]


def _people(enterprise: Any) -> Any:
    """Who may be on it: active staff who see the enterprise."""
    sees = Q(all_enterprises=True) | Q(scope__enterprise=enterprise)
    return Staff.objects.filter(sees, is_active=True).distinct().order_by("username")


def _button(step: onboarding.Step, row: Any, user: Any) -> Button | None:
    """What takes an open step further; None where it is done, or nothing this person may do."""
    if step.done:
        return None
    if step.key == "details":
        return _edit(row, user)
    if step.key == "sent":
        return _push_enterprise(row, user)
    if step.key in ("opening", "agree"):
        return _balances(step.key, row, user)
    noun = {"practices": "practice", "doctors": "doctor"}.get(step.key, "patient")
    if not getattr(row, f"has_{noun}"):
        return _bring_in(noun, row, user)
    if step.key == "first":
        return _push_first(row, user)
    return _push_all(noun, row, user)


def _edit(row: Any, user: Any) -> Button | None:
    href = reverse("admin:records_enterprise_edit", args=[row.pk])
    return Button("Fix the details", href) if user.has_perm("records.change_enterprise") else None


def _push_enterprise(row: Any, user: Any) -> Button | None:
    if row.not_valid or row.delivery_state or not user.has_perm("delivery.push"):
        return None
    return Button("Push enterprise…", reverse("push_record"), (("noun", "enterprise"), ("pk", str(row.pk))))


def _bring_in(noun: str, row: Any, user: Any) -> Button | None:
    if not user.has_perm(f"records.add_{noun}"):
        return None
    if noun == "patient":
        return Button("Import patients", reverse("import") + f"?enterprise={row.pk}")
    return Button(f"Add a {noun}", reverse(f"admin:records_{noun}_add") + f"?enterprise={row.pk}")


def _push_first(row: Any, user: Any) -> Button | None:
    """Five of those not sent yet, where fewer are there."""
    there = len(onboarding.first_sent(row))
    unsent = Patient.objects.filter(enterprise=row.pk, remote_id=None, removed=False, not_valid=[])
    ids = list(unsent.order_by("pk").values_list("pk", flat=True)[: max(onboarding.FIRST - there, 0)])
    if not ids or not user.has_perm("delivery.push"):
        return None
    said = (("noun", "patient"), ("scope", "selected"), *(("ids", str(pk)) for pk in ids))
    return Button(f"Push {len(ids)} first…", reverse("push_selected"), said)


def _balances(key: str, row: Any, user: Any) -> Button | None:
    """Bring charges in, send the invoices, look at what differs."""
    if key == "agree":
        query = f"?enterprise={row.pk}"
        return Button("See what differs", reverse("balances") + query) if row.has_gap else None
    if row.has_invoice:
        return _push_all("invoice", row, user)
    if not row.has_patient or not user.has_perm("records.add_invoice"):
        return None
    return Button("Import charges or balances", reverse("import") + f"?enterprise={row.pk}")


def _push_all(noun: str, row: Any, user: Any) -> Button | None:
    if not user.has_perm("delivery.push"):
        return None
    query = f"enterprise={row.pk}"
    said = (("noun", noun), ("scope", "all"), ("query", query))
    return Button(f"Push all {noun}s…", reverse("push_selected"), said)


@require_POST
def check_first(request: HttpRequest, pk: int) -> HttpResponse:
    enterprise = in_sight(request, "enterprise", pk)
    context = acting(request, enterprise)
    if "undo" in request.POST:
        onboarding.uncheck_first(context, enterprise)
    elif not onboarding.check_first(context, enterprise):
        messages.error(request, "No patient of this enterprise is at Inbox Health yet.")
    return _back(pk)


@require_POST
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    enterprise = in_sight(request, "enterprise", pk)
    text = request.POST.get("owner", "")
    chosen = _people(enterprise).filter(pk=int(text)).first() if text.isdecimal() and len(text) < 10 else None
    onboarding.assign(acting(request, enterprise), enterprise, chosen)
    return _back(pk)


@require_POST
def add_note(request: HttpRequest, pk: int) -> HttpResponse:
    enterprise = in_sight(request, "enterprise", pk)
    onboarding.add_note(acting(request, enterprise), enterprise, request.POST.get("text", ""))
    return _back(pk)


def _back(pk: int) -> HttpResponse:
    return redirect("admin:records_enterprise_onboarding", pk)
