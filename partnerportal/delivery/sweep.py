"""The sweep: makes the database's state go on whatever the broker lost or a worker left. Imports delivery.

Every DELIVERY_SWEEP_SECONDS, by beat or by the command that drives the engine itself.
"""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from partnerportal.delivery import claims, comparing, key_changes, mailing, storms
from partnerportal.delivery.batches import finish_batches
from partnerportal.delivery.bulk import resume_enqueueing
from partnerportal.delivery.mended import mended
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.queueing import LANES, RESOLVE, ring_lane
from partnerportal.delivery.revive import revive
from partnerportal.delivery.waiting import release
from partnerportal.delivery.watch import refused_keys
from partnerportal.jobs.notices import MAIL
from partnerportal.kernel.crash import crash_point
from partnerportal.kernel.dispatch import ring
from partnerportal.kernel.ids import parse


def sweep() -> None:
    """Revive, unblock, resume, end batches, tell, ring for whatever is due, and ask a server that failed."""
    revive()
    mended()
    unblock()
    resume_enqueueing()
    finish_batches()
    comparing.resume()
    comparing.finish()
    refused_keys()
    key_changes.move_left()
    for lane in LANES:
        if claims.is_due(lane):
            ring_lane(lane, settings.DELIVERY_SENDERS if lane == "bulk" else 1)
    if claims.lookups_due():
        ring(RESOLVE, queue="background")
    if mailing.is_due():
        ring(MAIL, queue="background")
    storms.probe_due()


def unblock() -> int:
    """Look again at what is blocked by a record of which nothing is on its way or failed; how many.

    The name that is waited for is asked for once, not for each delivery that waits: a batch is many.
    """
    waiting = Delivery.objects.filter(state=Delivery.State.BLOCKED, needs_person_since=None)
    freed = 0
    for name in list(waiting.order_by().values_list("blocked_by", flat=True).distinct()):
        with transaction.atomic():
            if not _still_comes(name):
                freed += release(name)
        crash_point("unblocked")
    return freed


def _still_comes(name: str) -> bool:
    """Whether something of the record that is waited for is open, or waits for a person."""
    noun, _, short = name.partition(":")
    found = parse(short)
    if found is None:
        return False
    mine = Delivery.objects.filter(noun=noun, record_id=found[1])
    asks = mine.filter(state=Delivery.State.FAILED, needs_person_since__isnull=False)
    comes = mine.filter(state__in=Delivery.OPEN).exclude(state=Delivery.State.BLOCKED, blocked_by=name)
    return (asks | comes).exists()
