"""Billing of many patients: a frozen selection, its figures, and the change sent as one batch.

The selection is a plan whose items are only chosen, not yet to be sent. Imports plans, locks and records.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from partnerportal.accounts.models import Staff
from partnerportal.audit import entries
from partnerportal.audit.context import Context
from partnerportal.delivery import locks
from partnerportal.delivery.models import Plan, PlanItem
from partnerportal.delivery.plans import (
    LAPSES,
    OUT_OF_SCOPE,
    PlanChanged,
    PlanLapsed,
    confirm_plan,
    make_plan,
)
from partnerportal.jobs.models import Job
from partnerportal.records.acting_scope import outside
from partnerportal.records.billing_status import CHANGE, HERE, set_status, standing
from partnerportal.records.models import Patient

MOST = 2000  # patients at a time: they are changed within one transaction
CHOSEN = "chosen"


class TooMany(Exception):
    """More patients than are changed at a time."""


@dataclass(frozen=True)
class Figures:
    """What a choice does. `owed`: cents owed by those it changes; `differ`: of them, balances not agreed."""

    counts: Counter[str]
    owed: int
    differ: int

    @property
    def number(self) -> int:
        """Patients that are changed and sent."""
        return self.counts[CHANGE]

    @property
    def here(self) -> int:
        return self.counts[HERE]


def freeze(staff: Staff, rows: Any, title: str) -> Plan:
    """Keep who was chosen, of those the person may see, as they are now. Raises TooMany."""
    chosen = list(
        rows.visible_to(staff).order_by("pk").values_list("pk", "enterprise_id", "version")[: MOST + 1]
    )
    if len(chosen) > MOST:
        raise TooMany
    with transaction.atomic():
        plan = Plan.objects.create(
            staff=staff, noun="patient", title=title, counts={CHOSEN: len(chosen)}, facts={"billing": True}
        )
        PlanItem.objects.bulk_create(
            PlanItem(
                plan=plan, noun="patient", record_id=pk, enterprise_id=enterprise, version=version, act=CHOSEN
            )
            for pk, enterprise, version in chosen
        )
    return plan


def figures(plan: Plan, status: str) -> Figures:
    """Of the selection as it is now, and as far as whoever chose sees it."""
    return _figures(_rows(plan), status)


def _rows(plan: Plan) -> Iterator[Patient]:
    chosen = plan.items.filter(act=CHOSEN).values("record_id")
    rows = (
        Patient.objects.visible_to(plan.staff)
        .filter(pk__in=chosen)
        .defer("ssn", "acknowledged")
        .order_by("pk")
    )
    yield from rows.iterator(chunk_size=500)


def _figures(rows: Any, status: str) -> Figures:
    counts: Counter[str] = Counter()
    owed = differ = 0
    for row in rows:
        word = standing(row, status)
        counts[word] += 1
        if word == CHANGE:
            owed += max(0, row.balance_cents)
            differ += bool(row.balance_gap_cents)
    return Figures(counts, owed, differ)


def confirm(plan: Plan, staff: Staff, context: Context, status: str, shown: tuple[int, int]) -> Job | None:
    """Change them here and send them as a batch; None where nothing of them is to be sent.

    `shown`: the number and the cents that were said. Raises PlanLapsed, PlanChanged, NoKey.
    """
    with transaction.atomic():
        held = Plan.objects.select_for_update().get(pk=plan.pk)
        if held.confirmed_at or timezone.now() - held.created_at > LAPSES:
            raise PlanLapsed
        chosen = held.items.filter(act=CHOSEN)
        versions = dict(chosen.values_list("record_id", "version"))
        locks.keep_parents(
            {pk for pk in chosen.values_list("enterprise_id", flat=True) if pk}
        )  # before what refers to them
        rows = list(locks.records("patient", versions).select_related("practice", "account_type"))
        changed = {("patient", row.pk): "edited" for row in rows if row.version != versions[row.pk]}
        foreign = outside(staff, chosen).values_list("record_id", flat=True)
        changed |= {("patient", pk): OUT_OF_SCOPE for pk in foreign}
        found = _figures(rows, status)
        if changed or (found.number, found.owed) != shown:
            raise PlanChanged(changed)
        sent = _change(rows, status, context)
        held.confirmed_at = timezone.now()
        job = _send(staff, sent, held.title, context) if sent else None
        held.batch = job.pk if job else None
        held.save(update_fields=["confirmed_at", "batch"])
    return job


def _change(rows: list[Patient], status: str, context: Context) -> list[int]:
    sent = []
    for row in rows:
        word = standing(row, status)
        if word in (CHANGE, HERE):
            was = row.billing_status
            set_status(row, status)
            about = context.about(record=row.record_name, enterprise=row.enterprise_pk, patient=row.pk)
            entries.write("patient_billing_changed", about, {"was": was, "now": status})
        if word == CHANGE:
            sent.append(row.pk)
    return sent


def _send(staff: Staff, patients: list[int], title: str, context: Context) -> Job:
    plan = make_plan(staff, "patient", Patient.objects.filter(pk__in=patients), title=title)
    job = confirm_plan(plan, context)
    job.label = title[:120]
    job.save(update_fields=["label"])
    return job
