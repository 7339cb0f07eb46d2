"""How far one enterprise's onboarding is: steps ticked by what its records are. Imports models and audit.

Each step is one condition that the database answers for many enterprises at once: the list shows it too.
Further steps (codes, webhooks) are further rows of STEPS.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from partnerportal.accounts.models import Staff
from partnerportal.audit import entries
from partnerportal.audit.context import Context
from partnerportal.records.models import (
    Doctor,
    Enterprise,
    Invoice,
    MirrorQuerySet,
    Onboarding,
    OnboardingNote,
    Patient,
    Practice,
)

FIRST = 5
DONE, OPEN, PASSED, NOTHING = "done", "open", "passed", "nothing"
MOST_NOTE = 2000


@dataclass(frozen=True)
class Step:
    """`key` names it in code, `title` on the page; `state` is DONE, OPEN, PASSED (later ones are done without
    it) or NOTHING (there is nothing here that it could be done with), by the records as they are.
    """

    key: str
    title: str
    state: str

    @property
    def done(self) -> bool:
        return self.state == DONE


STEPS = (
    ("details", "Details"),
    ("sent", "Sent to Inbox Health"),
    ("practices", "Practices"),
    ("doctors", "Doctors"),
    ("first", f"First {FIRST} patients checked there"),
    ("patients", "All patients"),
    ("opening", "Opening balances"),
    ("agree", "Balances agree"),
)


def measured(rows: MirrorQuerySet) -> MirrorQuerySet:
    """The enterprises with what `steps` needs of each: answered by indexes, without counting."""
    inside: dict[str, Any] = {}
    for name, model in (("practice", Practice), ("doctor", Doctor), ("patient", Patient)):
        mine = model.objects.filter(enterprise=OuterRef("pk")).order_by()
        kept = mine.filter(removed=False) if model is Patient else mine
        inside[f"has_{name}"] = Exists(kept)
        inside[f"has_unsent_{name}"] = Exists(kept.filter(remote_id=None))
    inside |= _money()
    known: MirrorQuerySet = rows.select_related("onboarding__owner").annotate(**inside)
    return known


def _money() -> dict[str, Any]:
    """Invoices there, and whether the balances that were read there are ours."""
    bills = Invoice.objects.filter(enterprise=OuterRef("pk"), deleted=False).order_by()
    people = Patient.objects.filter(enterprise=OuterRef("pk")).order_by()
    return {
        "has_invoice": Exists(bills),
        "has_unsent_invoice": Exists(bills.filter(remote_id=None)),
        "has_agreed": Exists(bills.filter(patient__balance_gap_cents=0)),
        "has_gap": Exists(people.filter(balance_gap_cents__gt=0)),
    }


def steps(row: Any) -> list[Step]:
    """The steps of an enterprise that came through `measured`."""
    known = _said(row)
    done = {
        "details": not row.not_valid,
        "sent": row.remote_id is not None,
        "first": bool(known and known.checked_at),
        **{
            f"{noun}s": getattr(row, f"has_{noun}") and not getattr(row, f"has_unsent_{noun}")
            for noun in ("practice", "doctor", "patient")
        },
        "opening": row.has_invoice and not row.has_unsent_invoice,
        "agree": row.has_agreed and not row.has_gap,
    }
    later = [any(done[key] for key, _ in STEPS[place + 1 :]) for place in range(len(STEPS))]
    return [
        Step(key, title, _state(key, row, done[key], passed=passed))
        for (key, title), passed in zip(STEPS, later, strict=True)
    ]


def _state(key: str, row: Any, done: bool, *, passed: bool) -> str:
    if done:
        return DONE
    if key in ("opening", "agree") and not row.has_invoice:
        return NOTHING
    return PASSED if passed and key == "first" else OPEN


def following(found: list[Step]) -> Step | None:
    """The step to do next: an open one, else one that was passed over, else one with nothing to do so far."""
    return next((step for state in (OPEN, PASSED, NOTHING) for step in found if step.state == state), None)


def summary(found: list[Step]) -> str:
    """ "3 of 8 done. Next: Doctors"; "Done" where none is left."""
    left = following(found)
    return f"{sum(step.done for step in found)} of {len(found)} done. Next: {left.title}" if left else "Done"


def first_sent(enterprise: Enterprise) -> list[Any]:
    """The first patients that are there: whom a person compares with Inbox Health before all the others."""
    there = Q(remote_id__isnull=False, removed=False)
    return list(Patient.objects.light().filter(there, enterprise=enterprise).order_by("remote_id")[:FIRST])


def _said(row: Any) -> Onboarding | None:
    try:
        known: Onboarding = row.onboarding
    except Onboarding.DoesNotExist:
        return None
    return known


def check_first(context: Context, enterprise: Enterprise) -> bool:
    """A person compared the first patients with Inbox Health. False where none is there yet."""
    seen = first_sent(enterprise)
    if not seen:
        return False
    with transaction.atomic():
        said = {"checked_by": context.actor, "checked_at": Now()}
        Onboarding.objects.update_or_create(enterprise=enterprise, defaults=said)
        entries.write("first_patients_checked", context, {"patients": [row.short_id for row in seen]})
    return True


def uncheck_first(context: Context, enterprise: Enterprise) -> None:
    """Something was wrong with them after all."""
    with transaction.atomic():
        Onboarding.objects.filter(enterprise=enterprise).update(checked_by="", checked_at=None)
        entries.write("first_patients_unchecked", context)


def assign(context: Context, enterprise: Enterprise, owner: Staff | None) -> None:
    """Who is on it; None for nobody."""
    with transaction.atomic():
        Onboarding.objects.update_or_create(enterprise=enterprise, defaults={"owner": owner})
        entries.write("onboarding_assigned", context, {"to": str(owner) if owner else "nobody"})


def add_note(context: Context, enterprise: Enterprise, text: str) -> None:
    """Notes are added, never changed. An empty one is none."""
    said = text.strip()[:MOST_NOTE]
    if not said:
        return
    with transaction.atomic():
        OnboardingNote.objects.create(enterprise=enterprise, actor=context.actor, text=said)
        entries.write("onboarding_noted", context)
