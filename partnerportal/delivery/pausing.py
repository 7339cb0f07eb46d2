"""Pausing a batch and going on with it: by a person, for a cause, or after the first few. Imports bulk.

What is paused keeps its place: claims leave its deliveries out, nothing else changes. `Job.report["pause"]`
says why: {"why": "person" | "cause" | "first", "by", "at", "cause", "noun"}.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from partnerportal.audit import entries
from partnerportal.audit.context import Context
from partnerportal.delivery import bulk, locks, telling
from partnerportal.delivery.models import Attempt, Plan
from partnerportal.delivery.queueing import ring_lane
from partnerportal.jobs.models import Job
from partnerportal.kernel.clock import db_now
from partnerportal.kernel.ids import record_name


def pause(context: Context, job: Job) -> bool:
    """A person pauses it; False where it does not run."""
    return _pause(context, job, why="person")


def pause_for_cause(job: Job, cause_key: str, noun: str, times: int) -> bool:
    """The portal pauses it, and tells whoever started it and the administrators."""
    with transaction.atomic():
        paused = _pause(Context(), job, why="cause", cause=cause_key, noun=noun, times=times)
        if paused:
            telling.batch_paused(job, cause_key, noun, times, _last_attempt(job))
    return paused


def hold(job: Job, settled: int, left: int) -> None:
    """The first few are settled: the rest waits for a word. The caller holds the job's lock."""
    _put(job, Context(), why="first")
    telling.first_settled(job, settled, left)


def resume(context: Context, job: Job) -> bool:
    """Go on where it stood, and queue what was held back; False where it is not paused."""
    with transaction.atomic():
        held = locks.batch(job.pk)
        if held.state != Job.State.PAUSED:
            return False
        kept = {name: value for name, value in held.report.items() if name not in ("pause", "first")}
        held.state, held.report = Job.State.RUNNING, {**kept, "watched_from": _last_attempt(held)}
        held.save(update_fields=["state", "report"])
        entries.write("batch_resumed", _about(context, held))
        ring_lane("bulk", settings.DELIVERY_SENDERS)
    plan = Plan.objects.filter(batch=held.pk).first()
    if plan is not None:
        bulk.enqueue(plan, held)
    return True


def _pause(context: Context, job: Job, **why: Any) -> bool:
    with transaction.atomic():
        held = locks.batch(job.pk)
        if held.state != Job.State.RUNNING:
            return False
        _put(held, context, **why)
    return True


def _put(held: Job, context: Context, **why: Any) -> None:
    held.state = Job.State.PAUSED
    held.report = {**held.report, "pause": {**why, "by": context.actor, "at": db_now().isoformat()}}
    held.save(update_fields=["state", "report"])
    entries.write("batch_paused", _about(context, held), why)


def _last_attempt(job: Job) -> int:
    return Attempt.objects.filter(delivery__batch=job).aggregate(last=Max("pk"))["last"] or 0


def _about(context: Context, job: Job) -> Context:
    return context.about(record=record_name("batch", job.pk), batch=job.pk, enterprise=job.enterprise_id)
