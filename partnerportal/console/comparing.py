"""Who is who: suspects of an enterprise, two patients side by side, joining them, or saying they are two.

Imports records' duplicates and joining, and delivery's services for the surplus one's removal there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from partnerportal.console import shown
from partnerportal.console.acting import acting
from partnerportal.console.record_acts import NO_KEY
from partnerportal.console.record_pages import frame_of, in_sight
from partnerportal.delivery import services
from partnerportal.kernel.numbers import counted
from partnerportal.records import duplicates, joining


@dataclass(frozen=True)
class Line:
    """One field of both. `takes` is preset where the one that stays has nothing."""

    name: str
    label: str
    own: str
    other: str
    takes: bool


def suspect_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The tab of an enterprise: pairs that may be one person."""
    enterprise = in_sight(request, "enterprise", pk)
    found = duplicates.suspects(pk)
    context = {
        **frame_of(request, enterprise, "duplicates"),
        "pairs": [(suspect, *_order(suspect.one, suspect.other)) for suspect in found],
        "more": len(found) >= duplicates.MOST,
        "may_decide": request.user.has_perm("records.change_patient"),
    }
    return render(request, "records/duplicates.html", context)


def _order(one: Any, other: Any) -> tuple[Any, Any]:
    """Which one is proposed to stay: what is there before what is not, then the older."""
    return (other, one) if one.remote_id is None and other.remote_id is not None else (one, other)


def _two(request: HttpRequest, pk: int, other: int) -> tuple[Any, Any]:
    """Both in sight and of one enterprise, or 404."""
    survivor, surplus = in_sight(request, "patient", pk), in_sight(request, "patient", other)
    if survivor.enterprise_id != surplus.enterprise_id or survivor.pk == surplus.pk:
        raise Http404
    return survivor, surplus


def compare(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """Two patients side by side, the first as the one that stays."""
    survivor, surplus = _two(request, pk, other)
    reveal = request.user.has_perm(shown.REVEAL)
    differing = joining.differing(survivor, surplus)
    same = [name for name in joining.FIELDS if name not in differing and getattr(survivor, name)]
    context = {
        "title": f"Compare {survivor.short_id} and {surplus.short_id}",
        "record": survivor,
        "survivor": survivor,
        "surplus": surplus,
        "enterprise": survivor.enterprise,
        "lines": [_line(survivor, surplus, name, reveal) for name in differing],
        "same": [_line(survivor, surplus, name, reveal) for name in same],
        "hindrance": joining.hindrance(survivor, surplus),
        "swapped": reverse("admin:records_patient_compare", args=[surplus.pk, survivor.pk]),
        "may_join": request.user.has_perm("records.change_patient")
        and request.user.has_perm("delivery.push"),
        "may_decide": request.user.has_perm("records.change_patient"),
    }
    return render(request, "records/compare.html", context)


def _line(survivor: Any, surplus: Any, name: str, reveal: bool) -> Line:
    label = str(survivor._meta.get_field(name).verbose_name)
    own, other = (_said(row, name, reveal) for row in (survivor, surplus))
    takes = getattr(survivor, name) in (None, "") and getattr(surplus, name) not in (None, "")
    return Line(name, label[:1].upper() + label[1:], own, other, takes)


def _said(row: Any, name: str, reveal: bool) -> str:
    return row.masked_ssn or "—" if name == "ssn" else shown.text(name, getattr(row, name), reveal)


@require_POST
def join(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    survivor, surplus = _two(request, pk, other)
    back = redirect("admin:records_patient_compare", pk, other)
    try:
        kept = _join(request, survivor, surplus)
    except services.NoKey:
        messages.error(request, NO_KEY)
        return back
    except (joining.CantJoin, services.NotPossible) as error:
        messages.error(request, str(error))
        return back
    except services.NotValid as error:
        said = " ".join(problem.sentence for problem in error.problems)
        messages.error(request, f"{surplus.short_id} can't be marked removed there as it is: {said}")
        return back
    there = " It is on its way out of Inbox Health." if surplus.remote_id else ""
    changed = f" {counted(len(kept.dirty), 'change')} to push." if kept.remote_id and kept.dirty else ""
    messages.success(request, f"{surplus.short_id} is joined into {survivor.short_id}.{there}{changed}")
    return redirect("admin:records_patient_change", pk)


def _join(request: HttpRequest, survivor: Any, surplus: Any) -> Any:
    """One transaction: where the removal can't be queued, nothing is joined."""
    taken = [name for name in joining.FIELDS if request.POST.get(f"take-{name}") == "other"]
    shown_versions = {
        row.pk: _number(request.POST.get(f"version-{row.pk}", "")) for row in (survivor, surplus)
    }
    context = acting(request, survivor)
    with transaction.atomic():
        kept, gone = joining.join(context, survivor.pk, surplus.pk, taken, shown_versions)
        if gone.remote_id is not None:
            services.request_push(acting(request, gone), gone)
    return kept


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


@require_POST
def set_apart(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    one, two = _two(request, pk, other)
    duplicates.set_apart(acting(request, one), one, two)
    messages.success(request, f"{one.short_id} and {two.short_id} are two people, and not suspected again.")
    return redirect("admin:records_enterprise_duplicates", one.enterprise_id)
