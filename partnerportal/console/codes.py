"""The Codes tab of an enterprise: payment reasons, write-off codes, account types; added, edited, pushed.

Imports record_pages for the frame, records' models and delivery's plans.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import ProtectedError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from partnerportal.audit import entries
from partnerportal.console import standing
from partnerportal.console.acting import acting
from partnerportal.console.codes_forms import FORMS, CodeForm
from partnerportal.console.people import current
from partnerportal.console.permitted import permitted
from partnerportal.console.record_pages import frame_of, in_sight
from partnerportal.delivery import deleting, holding
from partnerportal.delivery.models import Plan
from partnerportal.delivery.plans import PLURALS, make_plan
from partnerportal.delivery.services import NotPossible
from partnerportal.kernel.numbers import counted
from partnerportal.records.models import MONEY, Enterprise
from partnerportal.records.state import SyncState

UNSENT = (SyncState.NOT_SENT, SyncState.CHANGED_HERE, SyncState.FAILED, SyncState.MISSING_THERE)


@dataclass(frozen=True)
class Kind:
    """One of the three tables. `fixed`: Inbox Health has no update of one that is there."""

    noun: str
    title: str
    lead: str
    empty: str
    fixed: bool = False


KINDS = (
    Kind(
        "payment_reason",
        "Payment reasons",
        "Why insurance or a patient paid less.",
        "None yet. An insurance payment of $0.00 needs one.",
    ),
    Kind(
        "write_off_code",
        "Write-off codes",
        "Why a debt is written off. Inbox Health can’t change one that is there.",
        "None yet. A write-off needs one.",
        fixed=True,
    ),
    Kind(
        "account_type",
        "Account types",
        "Kinds of patients, such as “No statements”. Chosen in a patient’s form.",
        "None yet.",
    ),
)
_OF = {kind.noun: kind for kind in KINDS}


def codes_page(request: HttpRequest, pk: int, form: CodeForm | None = None) -> HttpResponse:
    enterprise = in_sight(request, "enterprise", pk)
    context = {
        **frame_of(request, enterprise, "codes"),
        "kinds": [_section(request, enterprise, kind, form) for kind in KINDS],
    }
    return render(request, "money/codes.html", context, status=422 if form is not None else 200)


def _section(
    request: HttpRequest, enterprise: Enterprise, kind: Kind, refused: CodeForm | None
) -> dict[str, Any]:
    rows = list(MONEY[kind.noun].objects.filter(enterprise=enterprise).light().order_by("pk"))
    standing.prepare(rows)
    may_change = permitted(request.user, "change", kind.noun)
    mine = (
        refused if refused is not None and refused.noun == kind.noun and refused.instance.pk is None else None
    )
    return {
        "kind": kind,
        "rows": [
            (row, may_change and not (kind.fixed and row.remote_id), row.remote_id is None) for row in rows
        ],
        "form": mine or FORMS[kind.noun](enterprise, prefix=kind.noun),
        "may_add": permitted(request.user, "add", kind.noun),
        "may_delete": permitted(request.user, "delete", kind.noun),
        "unsent": sum(row.sync_state in UNSENT for row in rows),
    }


@require_POST
def code_add(request: HttpRequest, pk: int, noun: str) -> HttpResponse:
    enterprise = _allowed(request, "add", pk, noun)
    form = FORMS[noun](enterprise, request.POST, prefix=noun)
    if not form.is_valid():
        return codes_page(request, pk, form)
    with transaction.atomic():
        row = form.save()
        entries.write(f"{noun}_added", acting(request, row))
    messages.success(
        request, f"{row} is added. It goes out with the first record that names it, or when pushed."
    )
    return redirect("codes", pk)


def code_edit(request: HttpRequest, pk: int, noun: str, code: int) -> HttpResponse:
    """A form of its own; what Inbox Health can't change is not offered."""
    enterprise = _allowed(request, "change", pk, noun)
    row = get_object_or_404(MONEY[noun].objects.filter(enterprise=enterprise), pk=code)
    if _OF[noun].fixed and row.remote_id is not None:
        messages.error(request, "Inbox Health has no change of a write-off code that is there. Add another.")
        return redirect("codes", pk)
    form = FORMS[noun](enterprise, request.POST or None, prefix=noun, instance=row)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            saved: Any = form.save(commit=False)
            saved.version += 1
            saved.save()
            entries.write(f"{noun}_edited", acting(request, saved), {"fields": form.changed_data})
        messages.success(request, f"{saved} is saved.")
        return redirect("codes", pk)
    context = {
        "title": f"Edit {row}",
        "record": row,
        "enterprise": enterprise,
        "form": form,
        "kind": _OF[noun],
    }
    return render(request, "money/codes_edit.html", context, status=422 if form.errors else 200)


@require_POST
def code_delete(request: HttpRequest, pk: int, noun: str, code: int) -> HttpResponse:
    """Only one that was never sent and that nothing names."""
    enterprise = _allowed(request, "delete", pk, noun)
    row = get_object_or_404(MONEY[noun].objects.filter(enterprise=enterprise), pk=code)
    about = acting(request, row)
    said = str(row)
    try:
        with transaction.atomic():
            held = holding.held(row)
            if held.remote_id is not None:
                raise NotPossible
            deleting.forget(held)
            held.delete()
            entries.write(f"{noun}_deleted", about)
    except NotPossible:
        messages.error(request, f"{said} is at Inbox Health or on its way there, and stays.")
    except ProtectedError:
        messages.error(request, f"{said} is in use and stays.")
    else:
        messages.success(request, f"{said} is deleted.")
    return redirect("codes", pk)


@require_POST
def codes_push(request: HttpRequest, pk: int, noun: str) -> HttpResponse:
    """All of a kind that are not there as they are here: a plan, previewed as any push."""
    enterprise = _allowed(request, "view", pk, noun)
    rows = MONEY[noun].objects.filter(enterprise=enterprise, sync_state__in=UNSENT)
    plan = make_plan(current(request), noun, rows)
    title = f"Push {counted(sum(plan.counts.values()), _name(noun), PLURALS[noun])}"
    Plan.objects.filter(pk=plan.pk).update(origin_url=reverse("codes", args=[pk]), title=title)
    return redirect("plan", plan.pk)


def _name(noun: str) -> str:
    return str(MONEY[noun]._meta.verbose_name)


def _allowed(request: HttpRequest, verb: str, pk: int, noun: str) -> Enterprise:
    """The enterprise, where this person may do that to its codes. Raises Http404."""
    if noun not in _OF or not permitted(request.user, verb, noun):
        raise Http404
    enterprise: Enterprise = in_sight(request, "enterprise", pk)
    return enterprise
