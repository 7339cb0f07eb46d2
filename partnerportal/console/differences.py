"""Differences: where ours and Inbox Health's records are not the same, by tab, noun and enterprise. GET only.

Imports sync's differences and the words beside it.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from partnerportal.console import difference_rows, keyset, titles
from partnerportal.console.difference_rows import PLURALS
from partnerportal.console.record_lists import ENTERPRISE
from partnerportal.jobs.models import Job
from partnerportal.records.models import Enterprise
from partnerportal.sync import differences, services

LABELS = {
    differences.CONFLICTS: "Conflicts",
    differences.FIELDS: "Fields that differ",
    differences.MISSING: "Missing there",
    differences.ONLY_THERE: "Only there",
    differences.NOT_READ: "Not read",
}
ADOPTING = "Enterprises at Inbox Health that are not here"
LEADS = {
    "adopting": "Seen with this portal’s key, and tied to no enterprise here. Adopt one to bring it in.",
    differences.CONFLICTS: "Changed here and there, to different values. None is sent until you decide.",
    differences.FIELDS: "Ours is not what is there. Push ours, or take theirs.",
    differences.MISSING: "Asked for by id and not found there. Nothing is deleted here.",
    differences.ONLY_THERE: "Seen at Inbox Health, and tied to no record here.",
    differences.NOT_READ: "Lists of which not everything could be read. What is in them may differ.",
}
ABOUT = {  # tab → domain and word of the error catalogue
    differences.CONFLICTS: ("record", "conflict"),
    differences.MISSING: ("record", "missing_there"),
    differences.ONLY_THERE: ("event", "only_there"),
}


def differences_page(request: HttpRequest) -> HttpResponse:
    """One tab. The noun is the one asked for, else the first that has any."""
    enterprise = chosen_enterprise(request)
    pk = enterprise.pk if enterprise else None
    counts = differences.counts(request.user, pk)
    tab = request.GET.get("tab", "")
    tab = tab if tab in differences.TABS else next((t for t in differences.TABS if counts[t]), "conflicts")
    nouns = counts[tab]
    noun = _noun(request.GET.get("noun", ""), tab, nouns)
    adopting = tab == differences.ONLY_THERE and noun == "enterprise"
    context = {
        "title": ADOPTING if adopting else "Differences",
        "lead": LEADS["adopting" if adopting else tab],
        "about": ABOUT.get(tab),
        "adopting": adopting,
        "list_read": differences.list_read("enterprise") if adopting else None,
        "tab": tab,
        "tabs": [(t, label, sum(counts[t].values())) for t, label in LABELS.items()],
        "noun": noun,
        "nouns": [(n, PLURALS.get(n, n), number) for n, number in nouns.items()],
        "enterprise": enterprise,
        "enterprises": ENTERPRISE.choices(request.user),
        "read": differences.last_read(request.user, pk),
        "reading": _reading(request.user),
        **_rows(request, tab, noun, pk, nouns),
        **_may(request.user),
    }
    return render(request, "sync/differences.html", context)


def _noun(asked: str, tab: str, nouns: dict[str, int]) -> str:
    """The kind that is listed; "" for all kinds, which only what is only there can be."""
    if tab == differences.ONLY_THERE:
        return asked if asked in nouns or asked == "enterprise" else ""
    return asked if asked in nouns else next(iter(nouns), "patient")


def _rows(
    request: HttpRequest, tab: str, noun: str, enterprise: int | None, nouns: dict[str, int]
) -> dict[str, Any]:
    """`nouns`: those the tab has any of, in this person's sight."""
    if tab == differences.NOT_READ:
        parts = differences.not_read(request.user, enterprise)[:200]
        return {"rows": [difference_rows.of_part(part) for part in parts], "page": None}
    if noun and noun not in nouns:
        return {"rows": [], "page": None}
    if tab == differences.ONLY_THERE and not noun:
        found = differences.all_seen(request.user, enterprise)
    else:
        found = differences.rows(request.user, tab, noun, enterprise)
    if tab != differences.ONLY_THERE:
        found = found.select_related(*titles.related(noun))
    page = keyset.slice_of(found, request.GET, ascending=True)
    if tab == differences.ONLY_THERE:
        return {"page": page, "rows": difference_rows.of_seen(page.rows, request.user)}
    return {"page": page, "rows": [difference_rows.of_record(row, tab, request.user) for row in page.rows]}


def chosen_enterprise(request: HttpRequest) -> Enterprise | None:
    """The enterprise that the address narrows to. Raises Http404 for one that is not in sight."""
    named = request.GET.get("enterprise", "")
    if not (named.isascii() and named.isdigit() and len(named) < 19):
        return None
    found: Enterprise = get_object_or_404(Enterprise.objects.visible_to(request.user).light(), pk=named)
    return found


def _reading(user: Any) -> Job | None:
    """The pass that is under way, as far as this person may see it."""
    jobs = services.running()
    if not user.all_enterprises:
        jobs = jobs.filter(enterprise_id__in=user.scope.values("enterprise_id"))
    job: Job | None = jobs.order_by("-pk").first()
    return job


def _may(user: Any) -> dict[str, bool]:
    return {
        "may_read": user.has_perm("delivery.push"),
        "may_push": user.has_perm("delivery.push"),
        "may_decide": user.has_perm("delivery.decide"),
        "may_adopt": user.has_perm("records.add_enterprise") and user.has_perm("delivery.push"),
    }
