"""The way to the first patients, ticked by what really is: key, enterprise, practice and doctors, patients.

Each step leads to the page that takes it further. Imports accounts and records.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse

from partnerportal.accounts.gateway import key_for
from partnerportal.accounts.models import ApiKey, Staff
from partnerportal.records.models import Doctor, Enterprise, Patient, Practice


@dataclass(frozen=True)
class Step:
    """`act` names what the step's button does, `href` where; empty where this person can't do it."""

    title: str
    done: bool
    act: str
    href: str


@dataclass(frozen=True)
class Onboarding:
    steps: list[Step]

    @property
    def number(self) -> int:
        """Which step is next, counted from 1."""
        return next((n for n, step in enumerate(self.steps, 1) if not step.done), len(self.steps))

    @property
    def next(self) -> Step | None:
        return next((step for step in self.steps if not step.done), None)


def onboarding(staff: Staff) -> Onboarding:
    """The four steps as they stand for what this person may see."""
    return Onboarding([_key(staff), _enterprise(staff), _inside(staff), _patients(staff)])


def _key(staff: Staff) -> Step:
    key = key_for(staff)
    working = key is not None and key.state == ApiKey.State.WORKING
    may = staff.has_perm("accounts.change_api_key")
    if key is None:
        return Step("API key", working, "Connect API key", address("key_connect") if may else "")
    return Step("API key", working, "Test the API key", address("account") + "#key" if may else "")


def _enterprise(staff: Staff) -> Step:
    found = Enterprise.objects.visible_to(staff)
    may = staff.has_perm("records.add_enterprise")
    if not found.exists():
        return Step("Enterprise", False, "Add an enterprise", _to("enterprise_add") if may else "")
    unsent = _first_unsent(found)
    href = _to("enterprise_change", unsent) if unsent and may else ""
    return Step("Enterprise", not unsent or _any_sent(found), "Push the enterprise", href)


def _inside(staff: Staff) -> Step:
    practices, doctors = (model.objects.visible_to(staff) for model in (Practice, Doctor))
    done = _any_sent(practices) and _any_sent(doctors)
    enterprise = Enterprise.objects.visible_to(staff).order_by("pk").values_list("pk", flat=True).first()
    missing = "practice" if not practices.exists() else "doctor" if not doctors.exists() else ""
    act = f"Add a {missing}" if missing else "Push practice and doctors"
    name = "enterprise_practices" if missing == "practice" else "enterprise_doctors"
    may = enterprise is not None and staff.has_perm("records.add_practice")
    return Step("Practice and doctors", done, act, _to(name, enterprise) if may else "")


def _patients(staff: Staff) -> Step:
    found = Patient.objects.visible_to(staff)
    if not found.exists():
        may = staff.has_perm("records.add_patient")
        return Step(
            "Patients", False, "Import patients", (address("import") or address("files")) if may else ""
        )
    href = _to("patient_changelist") + "?view=not-sent" if staff.has_perm("delivery.push") else ""
    return Step("Patients", _any_sent(found), "Push patients", href)


def _any_sent(rows: QuerySet[Any]) -> bool:
    return rows.filter(remote_id__isnull=False).exists()


def _first_unsent(rows: QuerySet[Any]) -> int | None:
    pk: int | None = rows.filter(remote_id=None).order_by("pk").values_list("pk", flat=True).first()
    return pk


def _to(name: str, *args: Any) -> str:
    return address(f"admin:records_{name}", *args)


def address(name: str, *args: Any) -> str:
    """The address of a page, or "" where this release has none of that name."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
