"""The sweep: makes the database's state go on whatever the broker lost or a worker left. Imports delivery.

Every DELIVERY_SWEEP_SECONDS, by beat or by the command that drives the engine itself.
"""

from __future__ import annotations

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.db.models.functions import Now

from partnerportal.delivery.batches import finish_batches
from partnerportal.delivery.bulk import resume_enqueueing
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.queueing import LANES, RESOLVE, ring_lane
from partnerportal.delivery.revive import revive
from partnerportal.kernel.dispatch import ring

# Blocked deliveries whose parent has settled in the meantime are looked at again; what waits for a person stays.
_UNBLOCK = """
UPDATE delivery_delivery SET state = 'pending', blocked_by = '', reason = ''
WHERE state = 'blocked' AND needs_person_since IS NULL AND NOT EXISTS (
    SELECT 1 FROM delivery_delivery p WHERE p.state IN ('pending', 'waiting', 'blocked', 'in_flight', 'unknown',
        'failed') AND p.id <> delivery_delivery.id
    AND CASE p.noun WHEN 'enterprise' THEN 'enterprise:E-' WHEN 'practice' THEN 'practice:PR-' ELSE '' END
        || p.record_id = delivery_delivery.blocked_by)
"""


def sweep() -> None:
    """Revive, unblock, resume, end batches, and ring for whatever is due."""
    revive()
    with connection.cursor() as cursor:
        cursor.execute(_UNBLOCK)
    resume_enqueueing()
    finish_batches()
    for lane in LANES:
        if is_due(lane):
            ring_lane(lane, settings.DELIVERY_SENDERS if lane == "bulk" else 1)
    if lookups_due():
        ring(RESOLVE, queue="background")


def is_due(lane: str) -> bool:
    """Whether anything of a lane may be sent now."""
    free = Q(lease_until=None) | Q(lease_until__lt=Now())
    due = Delivery.objects.filter(free, lane=lane, state__in=Delivery.DUE, next_at__lte=Now())
    return due.exclude(key__state__in=("refused", "revoked")).exists()


def lookups_due() -> bool:
    """Whether an unknown outcome is to be looked up, or a re-send confirmed, now."""
    return Delivery.objects.filter(
        Q(state="unknown", needs_person_since=None, next_at__lte=Now()) | Q(confirm_at__lte=Now())
    ).exists()
