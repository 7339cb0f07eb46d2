"""An enterprise with a patient who can be billed, and what both sides say that they owe."""

from __future__ import annotations

from datetime import date
from typing import Any

from partnerportal.delivery.services import request_push
from partnerportal.records.billing import Charge, Taken, Visit, assign_balance
from partnerportal.records.models import Invoice, Patient, Practice
from tests.cast import Stage, make_enterprise, make_patient, make_practice

DAY = date(2026, 11, 2)


def billed_patient(name: str = "Elm Street Family Medicine", **fields: Any) -> Patient:
    enterprise = make_enterprise(name)
    return make_patient(enterprise, practice=make_practice(enterprise), **fields)


def practice_of(patient: Patient) -> Practice:
    practice: Practice = Practice.objects.filter(enterprise=patient.enterprise).order_by("pk")[0]
    return practice


def visit(patient: Patient, *lines: Charge, taken: list[Taken] | None = None, **more: Any) -> Invoice:
    """A visit with these lines, entered and not sent."""
    said = {"date_of_service": DAY, **more}
    return assign_balance(
        patient, Visit(practice=practice_of(patient), lines=lines, taken=taken or [], **said)
    )


def push(stage: Stage, *rows: Any) -> None:
    """Ask for these rows to be sent, and see everything through."""
    for row in rows:
        request_push(stage.context, row)
    stage.run()


def ours(patient: Patient) -> int:
    patient.refresh_from_db()
    return patient.balance_cents


def there(stage: Stage, patient: Patient) -> int:
    """What the sandbox says that the patient owes, asked by the back door."""
    patient.refresh_from_db()
    found = [row for row in stage.there("patients") if row["id"] == patient.remote_id]
    return int(found[0]["balance_cents"])


def agreed(stage: Stage, patient: Patient) -> int:
    """Both sides' balance, which must be one, as must be what was read there."""
    here = ours(patient)
    assert here == there(stage, patient) == patient.balance_there_cents
    assert patient.balance_gap_cents == 0
    return here
