"""Join two patients that are one person: one stays, the surplus one is marked removed and leads to it.

Only rows here are changed; the surplus one's removal there is pushed by whoever calls. Imports models, audit.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from partnerportal.audit import entries
from partnerportal.audit.context import Context
from partnerportal.kernel.numbers import counted
from partnerportal.records.models import Invoice, Joined, Patient, Payment

CHART = "health_record_id"
# What a person may carry over; the billing status is a matter of its own, and the rest is bookkeeping.
FIELDS = (
    "first_name", "middle_name", "last_name", "date_of_birth", "sex", CHART, "ssn", "cell_phone",
    "home_phone", "work_phone", "email", "address_line_1", "address_line_2", "city", "state", "zip",
    "language", "marital_status", "contact_preference", "sms_opt_out", "phone_opt_out", "practice",
)  # fmt: skip


class CantJoin(Exception):
    """Why these two can't be joined now, in the user's words."""


class ChangedMeanwhile(CantJoin):
    """One of the two was changed after the page was made: look again, then decide."""


def differing(one: Patient, other: Patient) -> list[str]:
    """Fields whose values are not the same, in the form's order."""
    return [name for name in FIELDS if _value(one, name) != _value(other, name)]


def hindrance(survivor: Patient, surplus: Patient) -> str:
    """Why the second can't be joined into the first; "" where it can."""
    if survivor.pk == surplus.pk or survivor.enterprise_id != surplus.enterprise_id:
        return "Only two patients of the same enterprise can be joined."
    for row in (survivor, surplus):
        if Joined.objects.filter(surplus=row).exists() or row.removed:
            return f"{row.short_id} is removed already."
    money = [
        counted(number, noun)
        for noun, number in (
            ("invoice", Invoice.objects.filter(patient=surplus).count()),
            ("payment", Payment.objects.filter(patient=surplus).count()),
        )
        if number
    ]
    if money:
        return f"{surplus.short_id} has {' and '.join(money)}, which can't move to another patient."
    return _busy(surplus)


def _busy(surplus: Patient) -> str:
    """What is under way must have ended, or its answer would land on a record that is gone."""
    if surplus.delivery_state in ("in_flight", "unknown", "undecided"):
        return f"{surplus.short_id} is being sent, and its answer is not in yet. Join them after it."
    if surplus.delivery_state in ("pending", "waiting", "blocked") and surplus.remote_id is None:
        return f"{surplus.short_id} is on its way. Take its delivery back first."
    return ""


def join(
    context: Context, survivor_pk: int, surplus_pk: int, taken: Iterable[str], versions: dict[int, int]
) -> tuple[Patient, Patient]:
    """Survivor and surplus as saved. `taken`: fields whose value comes from the surplus one.

    `versions`: what the page showed of each. Raises CantJoin, ChangedMeanwhile.
    """
    with transaction.atomic():
        rows = Patient.objects.select_for_update(of=("self",), no_key=True).select_related("enterprise")
        held = {row.pk: row for row in rows.filter(pk__in=(survivor_pk, surplus_pk)).order_by("pk")}
        if len(held) < 2:
            raise CantJoin("One of the two is not here any more.")
        survivor, surplus = held[survivor_pk], held[surplus_pk]
        if any(versions.get(row.pk) != row.version for row in held.values()):
            raise ChangedMeanwhile("One of the two was changed while you compared them. Look again.")
        if problem := hindrance(survivor, surplus):
            raise CantJoin(problem)
        fields = [name for name in differing(survivor, surplus) if name in set(taken)]
        _carry(survivor, surplus, fields)
        Joined.objects.create(surplus=surplus, survivor=survivor, actor=context.actor)
        Joined.objects.filter(survivor=surplus).update(survivor=survivor)
        _written(context, survivor, surplus, fields)
    return survivor, surplus


def _carry(survivor: Patient, surplus: Patient, fields: list[str]) -> None:
    """Chart numbers change places, so that a file that names either finds its person."""
    charts = survivor.health_record_id, surplus.health_record_id
    for name in fields:
        setattr(survivor, name, getattr(surplus, name))
    surplus.removed = True
    surplus.version += 1
    if CHART in fields:
        surplus.health_record_id = ""
        surplus.save()
        surplus.health_record_id = charts[0]
    if fields:
        survivor.version += 1
        survivor.save()
    surplus.save()


def _written(context: Context, survivor: Patient, surplus: Patient, fields: list[str]) -> None:
    for row, action, twin in (
        (survivor, "patient_joined", surplus),
        (surplus, "patient_joined_away", survivor),
    ):
        about = context.about(record=row.record_name, enterprise=row.enterprise_pk, patient=row.pk)
        entries.write(action, about, {"with": twin.short_id, "fields": fields})


def survivor_of(patient: Patient) -> Patient | None:
    """The record that a joined one leads to."""
    joined = Joined.objects.select_related("survivor").filter(surplus=patient).first()
    return joined.survivor if joined else None


def _value(row: Patient, name: str) -> object:
    if name == "ssn":
        return row.ssn_fingerprint
    return getattr(row, "practice_id" if name == "practice" else name) or ""
