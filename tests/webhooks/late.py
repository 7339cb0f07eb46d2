"""An event of a push of ours that did not come in time, as the watch notes it."""

from __future__ import annotations

import itertools
from datetime import datetime

from partnerportal.records.models import Endpoint
from partnerportal.webhooks.models import LateEvent

_numbers = itertools.count(1)


def late_event(endpoint: Endpoint, pushed: datetime, came: datetime | None = None) -> LateEvent:
    number = next(_numbers)
    return LateEvent.objects.create(
        endpoint=endpoint, attempt=number, delivery=number, event_type="patient_updated", noun="patient",
        record_id=1, object_id=669, sent_at=pushed, pushed_at=pushed, came_at=came,
    )  # fmt: skip
