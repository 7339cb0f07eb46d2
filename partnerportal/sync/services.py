"""What pages, commands, the schedule and others may ask: a pull, an adoption, reading again. Imports models.

One transaction each: job, pull, entry, doorbell. Nothing here waits for Inbox Health.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connection, transaction

from partnerportal.accounts.gateway import NoKey, key_for, service_key
from partnerportal.accounts.models import Staff
from partnerportal.audit import entries
from partnerportal.audit.context import Context
from partnerportal.delivery import locks
from partnerportal.delivery.services import NotPossible
from partnerportal.jobs.models import Job
from partnerportal.kernel import correlation
from partnerportal.kernel.clock import db_now
from partnerportal.kernel.dispatch import ring
from partnerportal.records.models import Enterprise, Sighting
from partnerportal.sync import adopting, lists
from partnerportal.sync.models import Pull, PullPart

DRIVE = "partnerportal.sync.tasks.drive"
Stage, State = PullPart.Stage, PullPart.State

__all__ = ["NoKey", "NotPossible", "request_adoption", "request_pull", "running"]


def running() -> Any:
    """Jobs of pulls that are not finished."""
    return Job.objects.filter(kind=Job.Kind.PULL, state=Job.State.RUNNING)


def request_pull(context: Context, *, full: bool = False, enterprise: Enterprise | None = None) -> Pull:
    """Start a pass. One by the schedule that is under way already is returned as it is. Raises NoKey."""
    with transaction.atomic():
        _one_at_a_time()
        under_way = (
            Pull.objects.filter(job__in=running(), take_in=False, enterprise=enterprise, full__gte=full)
            .order_by("-full", "-job")
            .first()
        )
        if under_way is not None:
            ring(DRIVE, queue="background")
            return under_way
        label = "Read everything" if full else "Read what is new"
        if enterprise is not None:
            label = f"{label} of {enterprise.short_id}"
        pull = _start(context, label, full=full, enterprise=enterprise)
        enterprises = [enterprise] if enterprise else _tied()
        hand_out(pull, lists.parts_for(enterprises, key_wide=enterprise is None))
    return pull


def request_adoption(context: Context, remote_id: int, link_to: Enterprise | None = None) -> Pull:
    """Bring in an enterprise that was seen there, or tie ours to it, with all below it.

    Raises NoKey, NotPossible.
    """
    with transaction.atomic():
        _one_at_a_time()
        seen = Sighting.objects.filter(noun="enterprise", remote_id=remote_id).first()
        if seen is None or not seen.record:
            raise NotPossible("It has not been seen at Inbox Health yet. Read everything first.")
        if Enterprise.objects.filter(remote_id=remote_id).exists():
            raise NotPossible(f"IH {remote_id} is here already.")
        enterprise = _made(seen.record, link_to, context)
        label = f"Adopt {enterprise.short_id}"
        pull = _start(context, label, full=True, take_in=True, enterprise=enterprise)
        hand_out(pull, lists.parts_for([enterprise], key_wide=False))
    return pull


def request_taking_in(context: Context, enterprise: Enterprise) -> Pull:
    """Bring in all that is only there of an enterprise that is tied already. Raises NoKey."""
    with transaction.atomic():
        _one_at_a_time()
        known = Pull.objects.filter(job__in=running(), take_in=True, enterprise=enterprise).first()
        if known is not None:
            return known
        label = f"Bring in what is only there of {enterprise.short_id}"
        pull = _start(context, label, full=True, take_in=True, enterprise=enterprise)
        hand_out(pull, lists.parts_for([enterprise], key_wide=False))
    return pull


def _made(record: dict[str, Any], link_to: Enterprise | None, context: Context) -> Enterprise:
    if link_to is None:
        made: Any = adopting.bring_in("enterprise", record, None, context)
        Enterprise.objects.filter(pk=made.pk).update(adopted=True)
        return made  # type: ignore[no-any-return]
    held: Any = locks.record("enterprise", link_to.pk)
    if held.remote_id is not None:
        raise NotPossible(f"{held.short_id} is tied to IH {held.remote_id} already.")
    if not adopting.free_enterprises().filter(pk=held.pk).exists():
        raise NotPossible("A create of this enterprise is on its way. Wait for its answer.")
    adopting.link(held, record, context)
    return held  # type: ignore[no-any-return]


def _one_at_a_time() -> None:
    """Two who start one in the same moment come one after the other; no row is locked for it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('partnerportal.sync.pull'))")


def _start(context: Context, label: str, **particulars: Any) -> Pull:
    kind, _, name = context.actor.partition(":")
    staff = Staff.objects.filter(username=name).first() if kind == "user" else None
    key = key_for(staff) if staff else service_key()
    if key is None:
        raise NoKey
    enterprise = particulars.get("enterprise")
    job = Job.objects.create(
        kind=Job.Kind.PULL,
        label=label,
        enterprise_id=enterprise.pk if enterprise else None,
        actor=context.actor,
        staff_id=staff.pk if staff else None,
        correlation_id=correlation.current(),
    )
    pull = Pull.objects.create(job=job, key=key, **particulars)
    if staff is not None:
        about = context.about(cause=f"job:{job.short_id}", enterprise=job.enterprise_id)
        entries.write("pull_started", about, {"job": job.short_id, "full": pull.full})
    ring(DRIVE, queue="background")
    return pull


def _tied() -> list[Enterprise]:
    found = Enterprise.objects.light().filter(remote_id__isnull=False, missing_since=None)
    return list(found.order_by("pk"))


def hand_out(pull: Pull, wanted: list[tuple[str, Enterprise | None]]) -> None:
    """Give the lists to the pull, in the caller's transaction; another pull that had one loses it."""
    now = db_now()
    for noun, enterprise in wanted:
        part, _ = PullPart.objects.get_or_create(noun=noun, enterprise=enterprise)
        part.pull, part.state, part.place = pull, State.WAITING, lists.ORDER.index(noun)
        part.stage = Stage.BELOW if noun == lists.BY_INVOICE else Stage.NEWEST
        part.page, part.edge, part.pages = 1, 0, None
        part.tries, part.next_at, part.reason, part.counts = 0, now, "", {}
        part.lease_owner = part.lease_until = None
        part.left = None if pull.full else settings.PULL_SLICE_PAGES
        if noun == lists.BY_INVOICE:
            part.round_began_at, part.unread = now, []
        elif pull.full or part.round_began_at is None:
            part.resume_page, part.resume_edge, part.newest = 1, 0, None
        part.save()
    Job.objects.filter(pk=pull.pk).update(total=pull.parts.count())
