"""Adopting an enterprise that is at Inbox Health and not here: shown first, then brought in as a job.

Imports sync's services. Only staff who may see all enterprises: one that is not here is in nobody's scope.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from partnerportal.console import difference_rows
from partnerportal.console.acting import acting
from partnerportal.console.record_acts import NO_KEY
from partnerportal.records.models import Enterprise, Sighting
from partnerportal.sync import adopting, differences, services


def adopt_page(request: HttpRequest, remote_id: int) -> HttpResponse:
    """What will be brought in; a POST begins."""
    seen = _seen(request, remote_id)
    if request.method == "POST":
        return _begin(request, seen)
    record = seen.record or {}
    name = difference_rows.name_there(record)
    context = {
        "title": f"Adopt IH {remote_id}",
        "seen": seen,
        "name": name,
        "place": ", ".join(str(record[n]) for n in ("city", "state") if record.get(n)),
        "ours": alike(name),
        "stopped": not request.user.has_perm("delivery.push"),
    }
    return render(request, "sync/adopt.html", context)


def offered(user: Any) -> int:
    """How many enterprises of the key are not here, for someone who may adopt them."""
    if not (user.has_perm("records.add_enterprise") and user.has_perm("delivery.push")):
        return 0
    return int(differences.rows(user, differences.ONLY_THERE, "enterprise").count())


def alike(name: str) -> list[Enterprise]:
    """Enterprises here that it may be: of the same name, and tied to none there."""
    return list(adopting.free_enterprises().light().filter(name__iexact=name.strip()).order_by("pk")[:5])


def _seen(request: HttpRequest, remote_id: int) -> Sighting:
    found = differences.rows(request.user, differences.ONLY_THERE, "enterprise")
    seen: Sighting | None = found.filter(remote_id=remote_id).first()
    if seen is None:
        raise Http404
    return seen


def _begin(request: HttpRequest, seen: Sighting) -> HttpResponse:
    ours = _ours(request.POST.get("same", ""), difference_rows.name_there(seen.record or {}))
    if ours is None and not request.POST.get("same"):
        messages.warning(request, "Say whether it is the enterprise that is here, or another one.")
        return redirect("adopt", seen.remote_id)
    try:
        pull = services.request_adoption(acting(request), seen.remote_id, ours)
    except services.NoKey:
        messages.error(request, NO_KEY)
        return redirect("adopt", seen.remote_id)
    except services.NotPossible as error:
        messages.warning(request, str(error))
        return redirect("differences")
    return redirect("pull", pull.pk)


def _ours(same: str, name: str) -> Any:
    return next((row for row in alike(name) if str(row.pk) == same), None)
