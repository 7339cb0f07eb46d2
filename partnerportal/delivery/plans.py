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
from partnerportal.delivery.models import Plan, PlanItem
from partnerportal.delivery.plan_bodies import body_of, digest, planned, starts_statements
from partnerportal.delivery.services import key_of
from partnerportal.jobs.models import Job
from partnerportal.kernel import correlation
from partnerportal.kernel.crash import crash_point
from partnerportal.kernel.ids import record_name
from partnerportal.kernel.numbers import counted
from partnerportal.records.acting_scope import outside
from partnerportal.records.models import RECORDS, Mirror

LAPSES = timedelta(minutes=30)
SENDABLE = ("create", "update")
CHUNK = 5000
OUT_OF_SCOPE = "not among your enterprises any more"
SINGULARS = {noun: str(model._meta.verbose_name) for noun, model in RECORDS.items()}
PLURALS = {noun: str(model._meta.verbose_name_plural) for noun, model in RECORDS.items()}


class PlanLapsed(Exception):
    """The preview is older than half an hour, or was confirmed already."""


class PlanChanged(Exception):
    """Records changed since the preview; nothing was sent. `why`: {primary key: what became of it}."""

    def __init__(self, why: dict[int, str]) -> None:
        super().__init__(f"{len(why)} changed")
        self.why = why


def of_records(number: int, noun: str) -> str:
    """`of_records(2, "write_off_code")` is "2 write-off codes"."""
    return counted(number, SINGULARS[noun], PLURALS[noun])


def make_plan(staff: Staff | None, noun: str, queryset: Any, *, title: str = "") -> Plan:
    """Freeze a selection: of `queryset`, of the noun's model, what the person may see. None for a command."""
    seen = queryset if staff is None else queryset.visible_to(staff)
    with transaction.atomic():
        plan = Plan.objects.create(staff=staff, noun=noun, title=title)
        counts: Counter[str] = Counter()
        enterprises: set[int] = set()
        items: list[PlanItem] = []
        for row in planned(seen):
            item, statement = _item(plan, row)
            counts[item.act] += 1
            counts["statements"] += statement
            enterprises.add(row.enterprise_pk)
            items.append(item)
            if len(items) == CHUNK:
                PlanItem.objects.bulk_create(items)
                items = []
        PlanItem.objects.bulk_create(items)
        plan.facts = {"statements": counts.pop("statements", 0)}
        plan.counts = dict(counts)
        plan.enterprise_id = next(iter(enterprises)) if len(enterprises) == 1 else None
        plan.save(update_fields=["counts", "facts", "enterprise_id"])
    return plan


def _item(plan: Plan, row: Mirror) -> tuple[PlanItem, bool]:
    """One line of the plan, and whether it starts statements."""
    act = _act(row)
    body = body_of(row) if act in SENDABLE else None
    item = PlanItem(
        plan=plan, record_id=row.pk, enterprise_id=row.enterprise_pk, version=row.version, act=act,
        digest="" if body is None else digest(body),
    )  # fmt: skip
    return item, body is not None and starts_statements(body)


def _act(row: Mirror) -> str:
    if row.delivery_state in ("pending", "waiting", "in_flight", "unknown", "undecided"):
        return "busy"
    if row.not_valid:
        return "not_valid"
    if row.remote_id is None:
        return "create"
    return "update" if row.dirty else "unchanged"


def sendable(plan: Plan) -> int:
    """How many records confirming would send."""
    return sum(plan.counts.get(act, 0) for act in SENDABLE)


def confirm_plan(plan: Plan, context: Context, *, first: int = 0) -> Job:
    """Compare, and make the batch. Raises PlanLapsed, PlanChanged, NoKey.

    `first`: so many are sent, and the rest when the batch is resumed; 0 sends all.
    """
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
            label=f"Push {of_records(total, held.noun)}",
            enterprise_id=held.enterprise_id,
            actor=context.actor,
            staff_id=held.staff_id,
            total=total,
            correlation_id=correlation.current(),
            report={"plan": held.pk, "key": key.pk, **({"first": first} if 0 < first < total else {})},
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


def changed_since(plan: Plan) -> dict[int, str]:
    """Records of the plan that are not what was previewed, or not in its maker's scope any more, and why.

    Nothing else may be sent unseen.
    """
    items = plan.items.filter(act__in=SENDABLE)
    gone = dict.fromkeys(outside(plan.staff, items).values_list("record_id", flat=True), OUT_OF_SCOPE)
    chosen = RECORDS[plan.noun].objects.filter(pk__in=items.values("record_id"))
    now = {row.pk: _standing(row) for row in planned(chosen)}
    was = items.values_list("record_id", "version", "act", "digest")
    found = {pk: gone.get(pk) or _why(now.get(pk), version, act, seen) for pk, version, act, seen in was}
    return {pk: why for pk, why in found.items() if why}


def _standing(row: Mirror) -> tuple[int, bool, str]:
    return row.version, row.remote_id is None, digest(body_of(row))


def _why(now: tuple[int, bool, str] | None, version: int, act: str, seen: str) -> str:
    if now is None:
        return "deleted"
    if now[1] != (act == "create"):
        return "sent meanwhile"
    if now[0] != version:
        return "edited"
    return "" if not seen or now[2] == seen else "something else would be sent"


def parents_first(plan: Plan) -> list[Any]:
    """Enterprises that are not there yet and go first."""
    if plan.noun == "enterprise":
        return []
    needed = plan.items.filter(act__in=SENDABLE).values("enterprise_id")
    return list(RECORDS["enterprise"].objects.filter(pk__in=needed, remote_id=None).order_by("name"))
