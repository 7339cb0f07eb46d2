"""What one does with a batch: pause, go on, cancel. POST does it, with an entry. Imports batches."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from partnerportal.audit.context import Context
from partnerportal.console import batch_words
from partnerportal.console.acting import acting
from partnerportal.console.batches import visible_batches
from partnerportal.delivery import batches, pausing
from partnerportal.delivery.models import Delivery
from partnerportal.jobs.models import Job
from partnerportal.kernel.ids import record_name
from partnerportal.kernel.numbers import counted


@require_POST
def batch_pause(request: HttpRequest, pk: int) -> HttpResponse:
    job = _job(request, pk)
    if pausing.pause(_about(request, job), job):
        messages.info(request, f"{job} is paused. What is in flight will finish.")
    return redirect("batch", pk)


@require_POST
def batch_resume(request: HttpRequest, pk: int) -> HttpResponse:
    job = _job(request, pk)
    if pausing.resume(_about(request, job), job):
        messages.info(request, f"{job} goes on.")
    return redirect("batch", pk)


def batch_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """GET says what will happen; POST takes back what is not sent yet."""
    job = _job(request, pk)
    if request.method == "POST":
        taken = batches.cancel_batch(_about(request, job), job)
        messages.info(request, f"{counted(taken, 'record')} taken back. What was sent stays there.")
        return redirect("batch", pk)
    now = batches.progress(job)
    unsent = now.held + sum(now.counts.get(state, 0) for state in Delivery.UNSENT)
    context = {
        "title": f"Cancel batch {job.short_id}",
        "sentence": batch_words.cancelling(now, unsent),
        "back": f"/{job.short_id}",
        "back_text": "Keep sending",
        "act_text": f"Cancel {unsent:,}",
    }
    return render(request, "sending/confirm.html", context)


def _job(request: HttpRequest, pk: int) -> Job:
    return get_object_or_404(visible_batches(request.user), pk=pk)


def _about(request: HttpRequest, job: Job) -> Context:
    return acting(request).about(record=record_name("batch", job.pk), enterprise=job.enterprise_id)
