"""Plans: a push is frozen as a selection with versions, shown, and confirmed as a batch. Imports services.

Confirming compares: what changed since the preview is shown, and nothing is sent. A plan lapses after 30 min.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from partnerportal.accounts.models import Staff
from partnerportal.audit import entries
from partnerportal.audit.context import Context
from partnerportal.delivery.bulk import enqueue
from partnerportal.delivery.forecast import CHOSEN, SENDABLE, Forecast, Key, Line, items_of
from partnerportal.delivery.models import Plan, PlanItem
from partnerportal.delivery.services import key_of
from partnerportal.jobs.models import Job
from partnerportal.kernel import correlation
from partnerportal.kernel.crash import crash_point
from partnerportal.kernel.ids import record_name
from partnerportal.kernel.numbers import counted
from partnerportal.records.acting_scope import outside
from partnerportal.records.models import RECORDS

LAPSES = timedelta(minutes=30)
CHUNK = 5000
OUT_OF_SCOPE = "not among your enterprises any more"
SINGULARS = {noun: str(model._meta.verbose_name) for noun, model in RECORDS.items()}
PLURALS = {noun: str(model._meta.verbose_name_plural) for noun, model in RECORDS.items()}


class PlanLapsed(Exception):
    """The preview is older than half an hour, or was confirmed already."""


class PlanChanged(Exception):
    """Records changed since the preview; nothing was sent. `why`: {(noun, id): what became of it}."""

    def __init__(self, why: dict[Key, str]) -> None:
        super().__init__(f"{len(why)} changed")
        self.why = why


def of_records(number: int, noun: str) -> str:
    """`of_records(2, "write_off_code")` is "2 write-off codes"."""
    return counted(number, SINGULARS[noun], PLURALS[noun])


def of_nouns(numbers: Mapping[str, int]) -> str:
    """ "1 invoice, 2 payments and 1 applied payment"."""
    *some, last = [of_records(numbers[noun], noun) for noun in RECORDS if numbers.get(noun)] or [""]
    return f"{', '.join(some)} and {last}" if some else last


def make_plan(staff: Staff | None, noun: str, queryset: Any, *, title: str = "") -> Plan:
    """Freeze a selection: of `queryset`, of the noun's model, what the person may see. None for a command."""
    return make_plan_of(staff, {noun: queryset}, title=title)


def make_plan_of(staff: Staff | None, chosen: Mapping[str, Any], *, title: str = "") -> Plan:
    """Freeze a selection of several nouns, parents first, with all that goes with it."""
    if staff is not None:
        chosen = {noun: rows.visible_to(staff) for noun, rows in chosen.items()}
    with transaction.atomic():
        found = Forecast(chosen)
        lines = list(items_of(found))
        mine = [line for line in lines if line.why == CHOSEN]
        noun = next((line.noun for line in mine if line.act in SENDABLE), next(iter(chosen)))
        plan = Plan.objects.create(staff=staff, noun=noun, title=title)
        for start in range(0, len(lines), CHUNK):
            PlanItem.objects.bulk_create([_item(plan, line) for line in lines[start : start + CHUNK]])
        plan.counts = dict(Counter(line.act for line in mine))
        plan.facts = {
            "statements": sum(line.statement for line in lines if line.act in SENDABLE),
            "nouns": Counter(line.noun for line in mine if line.act in SENDABLE),
            "along": Counter(line.noun for line in lines if line.why != CHOSEN),
            "held": sum(line.held for line in mine),
            "requests": found.requests,
        }
        enterprises = {line.enterprise for line in mine}
        plan.enterprise_id = next(iter(enterprises)) if len(enterprises) == 1 else None
        plan.save(update_fields=["counts", "facts", "enterprise_id"])
    return plan


def _item(plan: Plan, line: Line) -> PlanItem:
    return PlanItem(
        plan=plan, noun=line.noun, why=line.why, record_id=line.pk, enterprise_id=line.enterprise,
        version=line.version, act=line.act, digest=line.digest if line.act in SENDABLE else "",
    )  # fmt: skip


def what_goes(plan: Plan) -> str:
    """The chosen ones that go, in words."""
    return of_nouns(plan.facts.get("nouns", {})) or of_records(0, plan.noun)


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
            label=f"Push {what_goes(held)}"[:120],
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


def changed_since(plan: Plan) -> dict[Key, str]:
    """Records that are not what was previewed, or not in its maker's scope any more, and why.

    Nothing else may be sent unseen.
    """
    foreign = outside(plan.staff, plan.items.sendable()).values_list("noun", "record_id")
    gone: dict[Key, str] = dict.fromkeys(foreign, OUT_OF_SCOPE)
    was: dict[Key, PlanItem] = {(item.noun, item.record_id): item for item in plan.items.sendable()}
    chosen: dict[str, list[int]] = {}
    for (noun, pk), item in was.items():
        if item.why == CHOSEN:
            chosen.setdefault(noun, []).append(pk)
    rows = {noun: RECORDS[noun].objects.filter(pk__in=pks) for noun, pks in chosen.items()}
    now = Forecast(rows).lines
    found = {key: gone.get(key) or _why(now.get(key), item) for key, item in was.items()}
    along = {
        key: "goes along since" for key, line in now.items() if line.goes and line.why and key not in was
    }
    return {key: why for key, why in (found | along).items() if why}


def _why(now: Line | None, was: PlanItem) -> str:
    if was.why != CHOSEN and (now is None or now.act not in SENDABLE):
        return ""  # it is there by now, or on its way: nothing goes that was not shown
    if now is None:
        return "deleted"
    if now.is_new != (was.act == "create"):
        return "sent meanwhile"
    if now.version != was.version:
        return "edited"
    return "" if not was.digest or now.digest == was.digest else "something else would be sent"
