"""Batches: the list, and the page of one with its progress. Imports delivery's batches and rows.

What one does with a batch is in batch_acts.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from partnerportal.accounts.middleware import POLL_HEADER
from partnerportal.accounts.models import ApiKey
from partnerportal.console import (
    batch_words,
    delivery_rows,
    key_remedy,
    keyset,
    plan_rows,
    plan_words,
    said,
    workers,
)
from partnerportal.console.permitted import permitted
from partnerportal.delivery import batches, needs
from partnerportal.delivery.models import Delivery, Plan, PlanItem
from partnerportal.delivery.sentences import names_fields
from partnerportal.jobs.models import Job
from partnerportal.records.models import NOUNS, RECORDS, Enterprise

TABS = (
    ("", "All"),
    ("failed", "Failed"),
    ("unknown", "Unknown"),
    ("open", "Not settled"),
    ("delivered", "Delivered"),
)
ALONG_SHOWN = 50
OPEN_TAB = {"open": (*Delivery.UNSENT, "in_flight")}


def visible_batches(user: Any) -> QuerySet[Job]:
    """Batches of the person's enterprises, and their own that span several, while they see all of those."""
    rows = Job.objects.filter(kind=Job.Kind.PUSH)
    if user.all_enterprises:
        return rows
    scope = user.scope.values("enterprise_id")
    queued = Delivery.objects.filter(batch=OuterRef("pk")).exclude(enterprise_id__in=scope)
    held = PlanItem.objects.filter(plan__batch=OuterRef("pk")).exclude(enterprise_id__in=scope)
    several = Q(enterprise_id=None, staff_id=user.pk) & ~Exists(queued) & ~Exists(held)
    return rows.filter(Q(enterprise_id__in=scope) | several)


def batch_list(request: HttpRequest) -> HttpResponse:
    page = keyset.slice_of(visible_batches(request.user), request.GET)
    counts = counts_of(page.rows)
    ids = [job.enterprise_id for job in page.rows if job.enterprise_id]
    names = dict(Enterprise.objects.filter(pk__in=ids).values_list("pk", "name"))
    rows = [_line(job, counts[job.pk], names) for job in page.rows]
    return render(request, "sending/batches.html", {"title": "Batches", "page": page, "rows": rows})


def counts_of(jobs: list[Job]) -> dict[int, dict[str, int]]:
    """Deliveries by state of each batch: one query for those under way, the kept counts of the others."""
    found: dict[int, dict[str, int]] = {job.pk: dict(job.report.get("counts", {})) for job in jobs}
    asked = [job.pk for job in jobs if "counts" not in job.report]
    rows = (
        Delivery.objects.filter(batch__in=asked)
        .order_by()
        .values_list("batch", "state")
        .annotate(n=Count("pk"))
    )
    for batch, state, number in rows:
        found[batch or 0][state] = number
    return found


def _line(job: Job, counts: dict[str, int], names: dict[int, str]) -> dict[str, Any]:
    settled = sum(counts.get(state, 0) for state in Delivery.SETTLED)
    total = max(job.total, sum(counts.values()))
    return {
        "job": job,
        "settled": settled,
        "total": total,
        "word": batch_words.word(job, counts, done=settled >= total),
        "enterprise": names.get(job.enterprise_id or 0, "several enterprises"),
    }


def batch_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole page, or for its own script only what changes. Reads only: the sweep ends a batch."""
    job = get_object_or_404(visible_batches(request.user), pk=pk)
    template = "sending/batch_live.html" if POLL_HEADER in request.headers else "sending/batch.html"
    return render(request, template, _context(request, job))


def _context(request: HttpRequest, job: Job) -> dict[str, Any]:
    now = batches.progress(job)
    tab = request.GET.get("tab", "")
    rows = Delivery.objects.visible_to(request.user).filter(batch=job)
    page = keyset.slice_of(_of_tab(rows, tab), request.GET, ascending=True)
    ended = job.state not in batches.OPEN or (now.done and now.total > 0)
    return {
        "title": f"Batch {job.short_id}",
        "job": job,
        "progress": now,
        "word": batch_words.word(job, now.counts, done=now.done),
        "sentence": batch_words.sentence(job, now),
        "counts": batch_words.counts(now),
        "ended": ended,
        "silent_since": None if ended else workers.silent_since(job.started_at),
        "tabs": _tabs(now, tab),
        "tab": tab,
        "page": page,
        "rows": delivery_rows.rows_of(page.rows, request.user),
        "enterprise": Enterprise.objects.light().filter(pk=job.enterprise_id).first(),
        "stopped_keys": _stopped_keys(rows, request.user),
        **_along(job, request.user),
        **_acts(request, job, now, ended),
    }


def _along(job: Job, user: Any) -> dict[str, Any]:
    """Records that its preview named besides the chosen ones: the first of them, with where each stands."""
    items = PlanItem.objects.exclude(why="").filter(plan__batch=job.pk).order_by("pk")
    rows = plan_rows.rows_of(list(items[:ALONG_SHOWN]), user)
    plan = Plan.objects.filter(batch=job.pk).first()
    return {
        "along": rows,
        "along_more": max(0, items.count() - ALONG_SHOWN) if rows else 0,
        "requests": plan_words.requests(plan) if plan else [],
        "requests_number": sum(plan.facts.get("requests", {}).values()) if plan else 0,
    }


def _acts(request: HttpRequest, job: Job, now: batches.Progress, ended: bool) -> dict[str, Any]:
    """The buttons that fit its state, for who may push."""
    may = not ended and request.user.has_perm("delivery.push")
    paused = job.state == Job.State.PAUSED
    still = [failure.open for failure in now.failures if failure.open]
    return {
        "all_again": sum(still) if len(still) > 1 and request.user.has_perm("delivery.push") else 0,
        "opens": _opens(request, job, now) if ended else None,
        "may_cancel": may,
        "may_pause": may and not paused,
        "may_resume": may and paused,
        "paused": batch_words.why_paused(job, now) if paused else "",
        "why_paused": job.report.get("pause", {}).get("why", ""),
        "resume_text": batch_words.resuming(job, now),
        "unsent": now.held + sum(now.counts.get(state, 0) for state in Delivery.UNSENT),
        "failures": [_failure(job, failure, request.user) for failure in now.failures],
    }


def _opens(request: HttpRequest, job: Job, now: batches.Progress) -> dict[str, Any] | None:
    """After a push of one record, the way back to it; for a patient that is there, on to a balance."""
    mine = Delivery.objects.visible_to(request.user).filter(batch=job)
    only = list(mine.values_list("noun", "record_id")[:2]) if now.total == 1 else []
    if len(only) != 1:
        return None
    noun, pk = only[0]
    record = RECORDS[noun].objects.visible_to(request.user).light().filter(pk=pk).first()
    if record is None:
        return None
    owes = noun == "patient" and record.remote_id is not None and permitted(request.user, "add", "invoice")
    return {"record": record, "assign": reverse("assign_balance", args=[pk]) if owes else ""}


def _failure(job: Job, failure: batches.Failure, user: Any) -> dict[str, Any]:
    """One cause with its remedies: the grid of refused fields where it is a field's fault."""
    query = {"kind": needs.FAILED, "noun": failure.noun, "cause": failure.cause_key, "batch": job.pk}
    may = user.has_perm("delivery.push")
    fixable = (
        may
        and failure.open
        and failure.noun in NOUNS
        and permitted(user, "change", failure.noun)
        and names_fields(failure.cause_key)
    )
    return {
        "is": failure,
        "said": _said(job, failure, user),
        "fix": f"{reverse('needs_fix')}?{urlencode(query)}" if fixable else "",
        "again": may and failure.open > 0,
    }


def _said(job: Job, failure: batches.Failure, user: Any) -> said.Told:
    """Inbox Health's own words, of those that still ask; of the others where none does."""
    rows = Delivery.objects.visible_to(user).filter(batch=job, noun=failure.noun, cause_key=failure.cause_key)
    failed = rows.failed_still() if failure.open else rows.filter(state="failed")
    return said.of(list(failed.order_by("pk")[: said.READ]), user)


def _stopped_keys(rows: QuerySet[Delivery], user: Any) -> list[dict[str, Any]]:
    """Keys that were refused or revoked under this batch's deliveries, with what to do."""
    stopped = Q(key__state="refused") | Q(key__revoked_at__isnull=False)
    waiting = rows.filter(stopped, state__in=Delivery.OPEN).order_by()
    found = list(waiting.values("key").annotate(n=Count("pk")))
    keys = ApiKey.objects.select_related("owner").in_bulk([row["key"] for row in found])
    return [
        {
            "sentence": key_remedy.sentence(keys[row["key"]]),
            "state": keys[row["key"]].state,
            "number": row["n"],
            "act": key_remedy.act_for(keys[row["key"]], user),
            "who_else": key_remedy.who_else(keys[row["key"]]),
        }
        for row in found
    ]


def _of_tab(rows: QuerySet[Delivery], tab: str) -> QuerySet[Delivery]:
    if tab in OPEN_TAB:
        return rows.filter(state__in=OPEN_TAB[tab])
    return rows.filter(state=tab) if tab in dict(TABS) and tab else rows


def _tabs(now: batches.Progress, tab: str) -> list[tuple[str, str, int | None]]:
    """The tabs that hold something; All always, and the one that is open."""
    found: list[tuple[str, str, int | None]] = [("", "All", None)]
    for slug, label in TABS[1:]:
        states = OPEN_TAB.get(slug, (slug,))
        number = sum(now.counts.get(state, 0) for state in states)
        if number or slug == tab:
            found.append((slug, label, number))
    return found
