"""Drives pulls: claims one part after the other, step by step, and ends a pull whose parts are through.

Imports parts, leases, services and delivery's boundary and brakes.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from integrations.inboxhealth.errors import EnvironmentMismatch, LeaseTooShort
from partnerportal.accounts.gateway import Gateway, NoKey
from partnerportal.delivery import boundary, brakes
from partnerportal.delivery.models import Brake
from partnerportal.jobs import notices
from partnerportal.jobs.models import Job
from partnerportal.kernel import correlation
from partnerportal.kernel.clock import db_now
from partnerportal.sync import calls, leases, parts
from partnerportal.sync.calls import NotNow, Refused
from partnerportal.sync.leases import Lease, LeaseLost
from partnerportal.sync.models import Pull, PullPart

SOON = 2.0  # seconds: so long a worker waits for what is due next
FAULT_WAIT = timedelta(seconds=5)


def drive(seconds: float, *, stop: Callable[[], bool] = lambda: False) -> int:
    """Read for at most `seconds`; how many steps were made."""
    until, steps = time.monotonic() + seconds, 0
    while time.monotonic() < until and not stop():
        found = leases.claim()
        if found is None:
            finish()
            soon = leases.due_in()
            if soon is None or soon > SOON or time.monotonic() + soon > until:
                break
            time.sleep(max(soon, 0.02))
            continue
        steps += _read(*found, until)
    finish()
    return steps


def _read(part: PullPart, lease: Lease, until: float) -> int:
    """Step after step of one part, until it is through or the time is up; how many."""
    done: list[int] = []
    error = boundary.kept_going(f"{part.noun} list {part.pk}", lambda: _steps(part, lease, until, done))
    if error is not None:
        PullPart.objects.filter(pk=part.pk, lease_owner=lease.owner).update(
            lease_owner=None, lease_until=None, next_at=db_now() + FAULT_WAIT
        )
    return len(done)


def _steps(part: PullPart, lease: Lease, until: float, done: list[int]) -> None:
    pull = part.pull
    if pull is None or braked(pull):
        _put_off(part, lease, 10.0)
        return
    with correlation.correlated(pull.job.correlation_id):
        try:
            gateway = Gateway(pull.key, calls.context_of(pull, part))
            while part.state == PullPart.State.WAITING and (not done or time.monotonic() < until):
                parts.step(gateway, lease, part)
                done.append(part.pk)
                if part.next_at > db_now():
                    break
            if part.state == PullPart.State.WAITING:
                leases.keep(part, lease, let_go=True)
        except NotNow as error:
            _put_off(part, lease, error.wait)
        except LeaseTooShort:
            _put_off(part, lease, 0.0)
        except LeaseLost:
            return
        except (Refused, NoKey):
            fail(pull, "key_refused")
        except EnvironmentMismatch as error:
            brakes.stop_all(str(error))
            fail(pull, "other_environment")


def _put_off(part: PullPart, lease: Lease, seconds: float) -> None:
    part.next_at = db_now() + timedelta(seconds=max(seconds, 0.1))
    leases.keep(part, lease, let_go=True)


def braked(pull: Pull) -> bool:
    """Sending is stopped for everything or for this key: then nothing is read either."""
    mine = Q(scope=Brake.Scope.ALL) | Q(scope=Brake.Scope.KEY, target_id=pull.key_id)
    return Brake.objects.filter(mine, released_at=None).exists()


def finish() -> None:
    """End each pull whose parts are all through, and keep the others' counts fresh."""
    for pull in Pull.objects.filter(job__state=Job.State.RUNNING):
        waiting = pull.parts.filter(state=PullPart.State.WAITING).count()
        with transaction.atomic():
            job = Job.objects.select_for_update(no_key=True).get(pk=pull.pk)
            if job.state != Job.State.RUNNING:
                continue
            job.total = pull.parts.count()
            job.done, job.report = job.total - waiting, summary(pull)
            if not waiting:
                _end(pull, job)
            job.save()


def summary(pull: Pull) -> dict[str, int]:
    """What was read and what came of it; `not_read`: lists of which not everything could be read."""
    total: Counter[str] = Counter()
    for counts in pull.parts.values_list("counts", flat=True):
        total.update(counts)
    total["lists_not_read"] = pull.parts.filter(state=PullPart.State.NOT_READ).count()
    return dict(total)


def _end(pull: Pull, job: Job) -> None:
    bad = bool(job.report["lists_not_read"] or job.report.get("not_read"))
    job.state = Job.State.DONE if job.total else Job.State.CANCELLED
    job.finished_at = db_now()
    _tell(job, "is done: not everything could be read" if bad else "is done: everything was read", bad=bad)


def _tell(job: Job, how: str, *, bad: bool) -> None:
    """Whoever started it hears how it ended."""
    if job.staff_id and job.state != Job.State.CANCELLED:
        sentence, path = f"{job.label} ({job.short_id}) {how}.", f"/{job.short_id}"
        notices.tell([job.staff_id], "pull_ended", f"pull-ended:{job.short_id}", sentence, path=path, bad=bad)


def fail(pull: Pull, reason: str) -> None:
    """Nothing more can be read in this pull; its lists count as not read."""
    with transaction.atomic():
        left = pull.parts.filter(state=PullPart.State.WAITING)
        left.update(state=PullPart.State.NOT_READ, reason=reason, lease_owner=None, lease_until=None)
        job = Job.objects.select_for_update(no_key=True).get(pk=pull.pk)
        job.state, job.finished_at = Job.State.FAILED, db_now()
        job.report = {**summary(pull), "reason": reason}
        job.save()
        _tell(job, "failed: nothing more could be read", bad=True)
