"""Plans: a push is frozen as a selection with versions, shown, and confirmed as a batch. Imports services.

Confirming compares: what changed since the preview is shown, and nothing is sent. A plan lapses after 30 min.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from partnerportal.accounts.models import Staff
from partnerportal.audit import entries
from partnerportal.audit.context import Context
from partnerportal.delivery.bulk import enqueue
from partnerportal.delivery.models import Delivery, Plan, PlanItem
from partnerportal.delivery.services import key_of
from partnerportal.jobs.models import Job
from partnerportal.kernel import correlation
from partnerportal.kernel.crash import crash_point
from partnerportal.kernel.ids import record_name
from partnerportal.kernel.numbers import counted
from partnerportal.records.models import NOUNS

LAPSES = timedelta(minutes=30)
SENDABLE = ("create", "update")
CHUNK = 5000
PLURALS = {"enterprise": "enterprises", "practice": "practices", "doctor": "doctors", "patient": "patients"}


class PlanLapsed(Exception):
    """The preview is older than half an hour, or was confirmed already."""


class PlanChanged(Exception):
    """Records changed since the preview; nothing was sent. `ids`: their primary keys."""

    def __init__(self, ids: list[int]) -> None:
        super().__init__(f"{len(ids)} changed")
        self.ids = ids


def make_plan(staff: Staff, noun: str, queryset: Any, *, title: str = "") -> Plan:
    """Freeze a selection. `queryset` is of the noun's model and already scoped to what the person may see."""
    fields = ("pk", "version", "remote_id", "dirty", "not_valid", "delivery_state")
    parent = "pk" if noun == "enterprise" else "enterprise_id"
    with transaction.atomic():
        plan = Plan.objects.create(staff=staff, noun=noun, title=title)
        counts: Counter[str] = Counter()
        enterprises: set[int] = set()
        items: list[PlanItem] = []
        for row in queryset.order_by("pk").values(*fields, parent).iterator(chunk_size=CHUNK):
            act = _act(row)
            counts[act] += 1
            enterprises.add(row[parent])
            items.append(
                PlanItem(
                    plan=plan,
                    record_id=row["pk"],
                    enterprise_id=row[parent],
                    version=row["version"],
                    act=act,
                )
            )
            if len(items) == CHUNK:
                PlanItem.objects.bulk_create(items)
                items = []
        PlanItem.objects.bulk_create(items)
        plan.counts = dict(counts)
        plan.enterprise_id = next(iter(enterprises)) if len(enterprises) == 1 else None
        plan.save(update_fields=["counts", "enterprise_id"])
    return plan


def _act(row: dict[str, Any]) -> str:
    if row["delivery_state"] in ("pending", "waiting", "in_flight", "unknown", "undecided"):
        return "busy"
    if row["not_valid"]:
        return "not_valid"
    if row["remote_id"] is None:
        return "create"
    return "update" if row["dirty"] else "unchanged"


def sendable(plan: Plan) -> int:
    """How many records confirming would send."""
    return sum(plan.counts.get(act, 0) for act in SENDABLE)


def confirm_plan(plan: Plan, context: Context) -> Job:
    """Compare, and make the batch. Raises PlanLapsed, PlanChanged, NoKey."""
    key = key_of(context)
    with transaction.atomic():
        held = Plan.objects.select_for_update().get(pk=plan.pk)
        if held.confirmed_at or timezone.now() - held.created_at > LAPSES:
            raise PlanLapsed
        changed = changed_since(held)
        if changed:
            raise PlanChanged(changed)
        total = sendable(held)
        job = Job.objects.create(
            kind=Job.Kind.PUSH,
            label=f"Push {counted(total, held.noun, PLURALS[held.noun])}",
            enterprise_id=held.enterprise_id,
            actor=context.actor,
            staff_id=held.staff_id,
            total=total,
            correlation_id=correlation.current(),
            report={"plan": held.pk, "key": key.pk},
        )
        held.confirmed_at, held.batch = timezone.now(), job.pk
        held.save(update_fields=["confirmed_at", "batch"])
        about = context.about(
            enterprise=held.enterprise_id, batch=job.pk, record=record_name("batch", job.pk)
        )
        entries.write("batch_started", about, {"total": total, "counts": held.counts})
    crash_point("confirmed")
    enqueue(held, job)
    return job


def changed_since(plan: Plan) -> list[int]:
    """Records of the plan that were edited, sent or removed since the preview."""
    items = plan.items.filter(act__in=SENDABLE).values_list("record_id", "version", "act")
    now = {
        pk: (version, remote_id)
        for pk, version, remote_id in NOUNS[plan.noun]
        .objects.filter(pk__in=plan.items.filter(act__in=SENDABLE).values("record_id"))
        .values_list("pk", "version", "remote_id")
    }
    return [
        pk
        for pk, version, act in items
        if pk not in now or now[pk][0] != version or (now[pk][1] is None) != (act == "create")
    ]


def parents_first(plan: Plan) -> list[Any]:
    """Enterprises that are not there yet and go first."""
    if plan.noun == "enterprise":
        return []
    needed = plan.items.filter(act__in=SENDABLE).values("enterprise_id")
    return list(NOUNS["enterprise"].objects.filter(pk__in=needed, remote_id=None).order_by("name"))


def ahead(lane: str = "bulk") -> int:
    """How many deliveries wait before a new batch in its lane."""
    return Delivery.objects.filter(lane=lane, state__in=Delivery.DUE).count()
