"""What could not be sent as it was, and can be now: freed without another click. Imports locks and words.

A person asked for it to be sent and then mended the record: that is all that was missing.
"""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from partnerportal.delivery import locks
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.queueing import ring_lane
from partnerportal.delivery.words import mark
from partnerportal.kernel.clock import db_now
from partnerportal.records.models import RECORDS

MOST = 1000


def mended() -> int:
    """Put back in line what is blocked as not valid, and is valid; how many."""
    return sum(_of(noun) for noun in RECORDS)


def _of(noun: str) -> int:
    stuck = Delivery.objects.filter(state=Delivery.State.BLOCKED, reason="not_valid", noun=noun)
    valid = RECORDS[noun].objects.filter(pk__in=stuck.values("record_id"), not_valid=[])
    record_ids = list(valid.values_list("pk", flat=True)[:MOST])
    if not record_ids:
        return 0
    with transaction.atomic():
        rows = {row.pk: row for row in locks.records(noun, record_ids) if not row.not_valid}
        found = Delivery.objects.filter(pk__in=locks.ids(stuck.filter(record_id__in=rows), skip_locked=True))
        lanes = set(found.values_list("lane", flat=True))
        freed = list(found.values_list("record_id", flat=True))
        found.update(
            state=Delivery.State.PENDING, reason="", detail=None, needs_person_since=None, next_at=db_now()
        )
        for record_id in freed:
            mark(rows[record_id], Delivery.State.PENDING)
        for lane in lanes:
            ring_lane(lane, settings.DELIVERY_SENDERS if lane == "bulk" else 1)
    return len(freed)
