"""Balances: all patients whose balance here is not the one at Inbox Health, worst first; comparing them all.

Imports lists, cells, records and delivery's comparing.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Max, Min, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html

from partnerportal.console import balances_causes, cells, searching
from partnerportal.console.acting import acting
from partnerportal.console.listpage import ListPage
from partnerportal.console.lists import Column, Listing, View
from partnerportal.console.people import current
from partnerportal.console.record_lists import ENTERPRISE
from partnerportal.console.templatetags import portal
from partnerportal.delivery import comparing
from partnerportal.delivery.services import NoKey
from partnerportal.jobs.models import Job
from partnerportal.kernel.money import dollars, owed
from partnerportal.records.models import Enterprise, Patient


def _rows(user: Any) -> QuerySet[Any]:
    rows: QuerySet[Any] = Patient.objects.visible_to(user).filter(balance_gap_cents__gt=0)
    seen = rows.select_related("enterprise")
    return seen.defer("remote", "acknowledged", "enterprise__remote", "enterprise__acknowledged")


def _title(row: Any, user: Any) -> str:
    href = reverse("balance", args=[row.pk])
    return format_html(
        '<a href="{}">{}</a><small>{}</small>', href, cells.person(row) or "No name", row.short_id
    )


def _ours(row: Any, user: Any) -> str:
    return format_html('<span class="phone-label">Ours </span>{}', owed(row.balance_cents))


def _difference(row: Any, user: Any) -> str:
    gap = dollars(row.balance_cents - row.balance_there_cents)
    return format_html('<span class="phone-label">differs by </span>{}', gap)


BALANCES = Listing(
    noun="patient",
    title="Balances",
    lead="Patients whose balance here is not the one at Inbox Health, worst first.",
    rows=_rows,
    columns=(
        Column("patient", "Patient", _title, css="main"),
        Column("ours", "Ours", _ours, css="fact first num"),
        Column("theirs", "Inbox Health", lambda row, user: owed(row.balance_there_cents), css="more num"),
        Column("gap", "Difference", _difference, ("balance_gap_cents", "id"), "fact second num"),
        Column("cause", "Likely cause", lambda row, user: row.likely_cause, css="more"),
        Column("enterprise", "Enterprise", cells.enterprise, css="more"),
        Column("compared", "Compared", lambda row, user: portal.instant(row.balance_read_at), css="more"),
    ),
    filters=(ENTERPRISE,),
    views=(View("", "All"),),
    search=searching.patients,
    search_label="Name, date of birth, chart no., phone or id",
    empty="",
    default_sort="-gap",
    prepare=balances_causes.prepare,
)


def balance_list(request: HttpRequest) -> HttpResponse:
    page = ListPage(BALANCES, request.user, request.GET)
    context = {
        "title": "Balances",
        "lead": BALANCES.lead,
        "list": page,
        "running": _running(request),
        "may_compare": request.user.has_perm("delivery.push"),
        **(_all_agree(request) if not page.rows and not page.is_narrowed else {}),
    }
    return render(request, "money/balances.html", context)


def _all_agree(request: HttpRequest) -> dict[str, Any]:
    """How many were compared and when; how many never were."""
    there = Patient.objects.visible_to(request.user).filter(remote_id__isnull=False, removed=False)
    read = there.filter(balance_read_at__isnull=False)
    times = read.aggregate(first=Min("balance_read_at"), last=Max("balance_read_at"))
    agree = read.count()
    return {"agree": agree, "first": times["first"], "last": times["last"], "never": there.count() - agree}


def _running(request: HttpRequest) -> Job | None:
    mine = visible_jobs(request).filter(state=Job.State.RUNNING)
    return mine.order_by("-pk").first()


def visible_jobs(request: HttpRequest) -> QuerySet[Job]:
    """Comparisons this person started; whoever sees all enterprises sees everybody's."""
    rows = Job.objects.filter(kind=Job.Kind.REFRESH, report__has_key="queued")
    return rows if current(request).all_enterprises else rows.filter(staff_id=request.user.pk)


def compare_choose(request: HttpRequest) -> HttpResponse:
    """Says how many are read and how long it takes; the POST starts it."""
    enterprises = Enterprise.objects.visible_to(request.user)
    chosen = request.POST.get("enterprise", "") or request.GET.get("enterprise", "")
    one = get_object_or_404(enterprises, pk=int(chosen)) if chosen.isdecimal() else None
    if request.method == "POST":
        try:
            job = comparing.compare_all(
                current(request), acting(request), enterprise_id=one.pk if one else None
            )
        except NoKey:
            messages.error(request, "There is no API key to read with. Connect one under Account Settings.")
            return redirect("balances")
        return redirect("comparison", job.pk)
    rows = Patient.objects.visible_to(request.user).filter(remote_id__isnull=False, removed=False)
    context = {
        "title": "Compare balances",
        "number": (rows.filter(enterprise=one) if one else rows).count(),
        "enterprises": enterprises.light().order_by("name", "pk")[:200],
        "chosen": one,
    }
    return render(request, "money/balances_compare.html", context)
