"""What pages may ask of events: replay one, the selected, all that match. Imports models and audit."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from partnerportal.audit import entries
from partnerportal.audit.context import Context
from partnerportal.kernel.dispatch import ring
from partnerportal.records.acting_scope import in_scope
from partnerportal.webhooks.bell import DRIVE
from partnerportal.webhooks.models import Event

CHUNK = 1000


def replay(context: Context, events: QuerySet[Event]) -> int:
    """Work these events off again, as if they came now; how many. One entry says so for all of them.

    Only those in the scope of whoever acts. Repeating one that was applied is harmless: what is older than
    the record changes nothing.
    """
    pks = list(
        in_scope(context, events)
        .exclude(state=Event.State.WAITING)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    with transaction.atomic():
        for start in range(0, len(pks), CHUNK):
            chosen = Event.objects.filter(pk__in=pks[start : start + CHUNK])
            chosen.update(
                state=Event.State.WAITING,
                reason="replayed",
                tries=0,
                next_at=Now(),
                settled_at=None,
                needs_person_since=None,
            )
        if pks:
            entries.write("events_replayed", context, {"events": len(pks), "first": f"EV-{pks[0]}"})
            ring(DRIVE, queue="background")
    return len(pks)
