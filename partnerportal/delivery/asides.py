"""Setting aside what needs a person, with a reason; it comes back when it changes. Owns Asides.

In force: the record is still of the version that was looked at, and nothing failed anew since.
"""

from __future__ import annotations

from collections import defaultdict

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from partnerportal.audit import entries
from partnerportal.audit.context import Context
from partnerportal.delivery.models import Aside, Delivery
from partnerportal.records.acting_scope import in_scope
from partnerportal.records.models import RECORDS

MOST = 1000  # set aside at once


def in_force() -> list[Aside]:
    """What is set aside now, oldest first."""
    found = Aside.objects.filter(
        delivery__needs_person_since__isnull=False, at__gte=F("delivery__needs_person_since")
    )
    asides = list(found.select_related("delivery").order_by("at"))
    now = _versions(asides)
    return [a for a in asides if now.get((a.delivery.noun, a.delivery.record_id)) == a.record_version]


def in_force_ids() -> list[int]:
    return [aside.pk for aside in in_force()]


def _versions(asides: list[Aside]) -> dict[tuple[str, int], int]:
    ids: dict[str, list[int]] = defaultdict(list)
    for aside in asides:
        ids[aside.delivery.noun].append(aside.delivery.record_id)
    return {
        (noun, pk): version
        for noun, pks in ids.items()
        for pk, version in RECORDS[noun].objects.filter(pk__in=pks).values_list("pk", "version")
    }


def set_aside(context: Context, deliveries: QuerySet[Delivery], reason: str) -> int:
    """Put aside those that need a person, in the actor's scope; how many. `reason` is kept with each."""
    chosen = list(
        in_scope(context, deliveries).filter(needs_person_since__isnull=False).order_by("pk")[:MOST]
    )
    with transaction.atomic():
        for delivery in chosen:
            versions = RECORDS[delivery.noun].objects.values_list("version", flat=True)
            values = {"reason": reason[:200], "actor": context.actor, "at": Now()}
            values |= {"record_version": versions.get(pk=delivery.record_id)}
            Aside.objects.update_or_create(delivery=delivery, defaults=values)
            entries.write("delivery_set_aside", _about(context, delivery), {"reason": reason[:200]})
    return len(chosen)


def bring_back(context: Context, delivery: Delivery) -> bool:
    """It needs a person again; False where it was not set aside."""
    with transaction.atomic():
        gone, _ = Aside.objects.filter(delivery=delivery).delete()
        if gone:
            entries.write("delivery_brought_back", _about(context, delivery))
    return bool(gone)


def _about(context: Context, delivery: Delivery) -> Context:
    return context.about(
        record=delivery.record_name,
        enterprise=delivery.enterprise_id,
        patient=delivery.person_pk,
        delivery=delivery.pk,
    )
