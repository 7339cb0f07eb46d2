"""A push from the command line: queue what is not sent or changed, and see it through. Imports plans, engine.

Where no worker lives, the command itself does what workers and the schedule do.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Now

from partnerportal.audit import checkpoint
from partnerportal.audit.context import Context, command_actor
from partnerportal.delivery import engine, resolve
from partnerportal.delivery.batches import Progress, progress
from partnerportal.delivery.models import Brake, Delivery, Heartbeat
from partnerportal.delivery.plans import confirm_plan, make_plan, sendable
from partnerportal.delivery.queueing import LANES
from partnerportal.delivery.sweep import sweep
from partnerportal.jobs.models import Job
from partnerportal.records.models import RECORDS, Enterprise
from partnerportal.records.state import SyncState

CONTEXT = Context(actor=command_actor("push"), origin="command", lane="bulk")
UNSENT = (SyncState.NOT_SENT, SyncState.CHANGED_HERE)
ALIVE = timedelta(seconds=15)
STEP = 1.0  # seconds between two looks at what others send
SWEEP_EVERY = 2.0  # seconds, where the command is its own schedule


class Stopped(Exception):
    """Nothing more will be sent by waiting: the text says what must be done first."""


def queue(enterprise: Enterprise | None) -> list[Job]:
    """A batch for each noun that has something to send, parents first. Raises NoKey."""
    jobs = []
    for noun, model in RECORDS.items():
        if noun == "endpoint":  # registered on its own page, by an administrator
            continue
        rows = model.objects.filter(sync_state__in=UNSENT)
        if enterprise is not None:
            rows = rows.filter(**{f"{model.enterprise_path}in": [enterprise.pk]})
        plan = make_plan(None, noun, rows)
        if sendable(plan):
            jobs.append(confirm_plan(plan, CONTEXT))
    return jobs


def see_through(jobs: list[Job], tell: Callable[[int, int], None]) -> None:
    """Wait, or work, until nothing of the batches is open. `tell` gets settled and total. Raises Stopped."""
    swept = 0.0
    while True:
        now = [progress(Job.objects.get(pk=job.pk)) for job in jobs]
        tell(sum(each.settled for each in now), sum(each.total for each in now))
        if not _to_come(jobs, now):
            sweep()  # ends the batches
            return
        _refuse_to_wait(jobs)
        if somebody_works():
            time.sleep(STEP)
            continue
        if time.monotonic() - swept > SWEEP_EVERY:
            sweep()
            swept = time.monotonic()
        if not work():
            time.sleep(STEP / 4)


def work() -> int:
    """One round of what workers do; what was handled."""
    return sum(engine.drive(lane, STEP) for lane in LANES) + resolve.resolve_due()


def somebody_works() -> bool:
    """Whether a worker or the schedule said lately that it lives."""
    return Heartbeat.objects.filter(seen_at__gt=Now() - ALIVE).exists()


def left_over(jobs: list[Job]) -> Iterator[tuple[str, int]]:
    """What of the batches did not arrive: (state, how many)."""
    mine = Delivery.objects.filter(batch__in=jobs)
    for state in ("failed", "cancelled", "blocked", "unknown"):
        of_it = mine.failed_still() if state == "failed" else mine.filter(state=state)
        if number := of_it.count():
            yield state, number
    if twice := mine.filter(state="delivered", needs_person_since__isnull=False).count():
        yield "to be looked at", twice


def _to_come(jobs: list[Job], now: list[Progress]) -> bool:
    """Whether anything can still happen without a person."""
    if any(not each.done for each in now) and any(each.held for each in now):
        return True
    mine = Delivery.objects.filter(Q(state__in=Delivery.OPEN) | Q(confirm_at__isnull=False), batch__in=jobs)
    mine = mine.filter(needs_person_since=None)
    blocked = mine.filter(state=Delivery.State.BLOCKED)
    return mine.exclude(pk__in=blocked).exists() or any(_moves(name) for name in _names(blocked))


def _names(blocked: object) -> list[str]:
    return list(blocked.order_by().values_list("blocked_by", flat=True).distinct())  # type: ignore[attr-defined]


def _moves(name: str) -> bool:
    """Whether what is waited for is itself under way: nothing is where its delivery waits for a person."""
    noun, _, short = name.partition(":")
    pk = int(short.rpartition("-")[2] or 0)
    of_it = Delivery.objects.filter(noun=noun, record_id=pk)
    asks = of_it.filter(needs_person_since__isnull=False, state__in=("failed", "blocked", "unknown"))
    return not asks.exists()


def _refuse_to_wait(jobs: list[Job]) -> None:
    if checkpoint.standing() is not None:
        raise Stopped(
            "Sending is stopped: this database may not be the newest one. Run `manage.py restored`."
        )
    brake = Brake.objects.filter(released_at=None).filter(_concerning(jobs)).first()
    if brake is not None:
        raise Stopped(f"Sending is stopped: {brake.reason}")
    refused = Delivery.objects.filter(
        batch__in=jobs, state__in=Delivery.OPEN, key__state__in=("refused", "revoked")
    )
    if refused.exists():
        raise Stopped(
            "Inbox Health refuses the service key. Connect a working one; what waits goes out then."
        )
    if Job.objects.filter(pk__in=[job.pk for job in jobs], state=Job.State.PAUSED).exists():
        raise Stopped("The batch is paused; its page says why, and resumes it.")


def _concerning(jobs: list[Job]) -> Q:
    waiting = Delivery.objects.filter(batch__in=jobs, state__in=Delivery.OPEN)
    return (
        Q(scope=Brake.Scope.ALL)
        | Q(scope=Brake.Scope.KEY, target_id__in=waiting.values("key_id"))
        | Q(scope=Brake.Scope.ENTERPRISE, target_id__in=waiting.values("enterprise_id"))
    )
