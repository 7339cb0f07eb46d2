"""The page of a comparison of many balances: how far it is; stopping it. Imports delivery's comparing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from partnerportal.accounts.middleware import POLL_HEADER
from partnerportal.console.acting import acting
from partnerportal.console.audit_words import actor
from partnerportal.console.balances import visible_jobs
from partnerportal.console.words import Word
from partnerportal.delivery import comparing
from partnerportal.delivery.models import Delivery
from partnerportal.jobs.models import Job
from partnerportal.records.models import Patient

WORDS = {
    Job.State.RUNNING: Word("Running", "blue", "sync"),
    Job.State.DONE: Word("Done", "green", "check"),
    Job.State.CANCELLED: Word("Stopped", "grey", "block"),
}


def comparison_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole page; for its own script only the part that moves."""
    job = get_object_or_404(visible_jobs(request), pk=pk)
    live = POLL_HEADER in request.headers
    template = "money/balances_live.html" if live else "money/balances_job.html"
    return render(request, template, _context(request, job))


def _context(request: HttpRequest, job: Job) -> dict[str, Any]:
    done, left = comparing.settled(job)
    total = max(job.total if job.state == Job.State.RUNNING else done + left, done + left)
    compared = Delivery.objects.filter(batch=job, state=Delivery.State.DELIVERED).order_by()
    differ = Patient.objects.visible_to(request.user).filter(
        pk__in=compared.values("record_id"), balance_gap_cents__gt=0
    )
    running = job.state == Job.State.RUNNING
    return {
        "title": f"Comparison {job.short_id}",
        "job": job,
        "by": actor(job.actor),
        "word": WORDS.get(Job.State(job.state), Word(job.state.capitalize(), "grey", "help")),
        "open": running,
        "done": done,
        "total": total,
        "percent": 100 if not total else done * 100 // total,
        "differ": differ.count(),
        "failed": Delivery.objects.filter(batch=job, state=Delivery.State.FAILED).count(),
        "arrival": timezone.now() + timedelta(seconds=(total - done) / settings.INBOX_HEALTH_RATE)
        if running
        else None,
        "may_stop": running and request.user.has_perm("delivery.push"),
    }


@require_POST
def comparison_stop(request: HttpRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(visible_jobs(request), pk=pk)
    taken = comparing.stop(acting(request), job)
    messages.info(request, f"Stopped. {taken:,} balances were not read; what was read stays.")
    return redirect("comparison", pk)
