"""The onboarding checklist, ticked by what really is: key, enterprise, practices and doctors, patients,
balances, webhooks.

Each step leads to the page that takes it further. Imports accounts and records.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse

from partnerportal.accounts.gateway import key_for
from partnerportal.accounts.models import ApiKey, Staff
from partnerportal.kernel.ids import short_id
from partnerportal.records.models import Doctor, Endpoint, Enterprise, Invoice, Patient, Practice


@dataclass(frozen=True)
class Step:
    """`act` names what the step's button does, `href` where; empty where this person can't do it.

    `note`: where that leads and why there, "" where `act` says it all.
    """

    title: str
    done: bool
    act: str
    href: str
    note: str = ""


@dataclass(frozen=True)
class Onboarding:
    """`hidden`: this person put the list away."""

    steps: list[Step]
    hidden: bool = False

    @property
    def number(self) -> int:
        """Which step is next, counted from 1."""
        return next((n for n, step in enumerate(self.steps, 1) if not step.done), len(self.steps))

    @property
    def done(self) -> int:
        """How many are."""
        return sum(step.done for step in self.steps)

    @property
    def next(self) -> Step | None:
        return next((step for step in self.steps if not step.done), None)


def onboarding(staff: Staff) -> Onboarding:
    """The six steps as they stand for what this person may see."""
    steps = [key, enterprise, inside, patients, balances, webhooks]
    return Onboarding([step(staff) for step in steps], hidden=staff.checklist_hidden_at is not None)


def key(staff: Staff) -> Step:
    """A key of one's own, or the service key, that works."""
    found = key_for(staff)
    working = found is not None and found.state == ApiKey.State.WORKING
    may = staff.has_perm("accounts.change_api_key")
    if found is None:
        return Step("API key", working, "Connect API key", address("key_connect") if may else "")
    return Step("API key", working, "Test the API key", address("account") + "#key" if may else "")


def enterprise(staff: Staff) -> Step:
    """At least one is at Inbox Health."""
    found = Enterprise.objects.visible_to(staff)
    may = staff.has_perm("records.add_enterprise")
    if not found.exists():
        return Step("Enterprise", False, "Add an enterprise", _to("enterprise_add") if may else "")
    unsent = _first_unsent(found)
    href = _to("enterprise_change", unsent) if unsent and may else ""
    return Step("Enterprise", not unsent or _any_sent(found), "Push the enterprise", href)


def inside(staff: Staff) -> Step:
    """At least one practice and one doctor are there."""
    practices, doctors = (model.objects.visible_to(staff) for model in (Practice, Doctor))
    done = _any_sent(practices) and _any_sent(doctors)
    first = Enterprise.objects.visible_to(staff).order_by("pk").values_list("pk", flat=True).first()
    missing = "practice" if not practices.exists() else "doctor" if not doctors.exists() else ""
    act = f"Add a {missing}" if missing else "Push practices and doctors"
    name = "enterprise_practices" if missing == "practice" else "enterprise_doctors"
    may = first is not None and staff.has_perm("records.add_practice")
    return Step("Practices and doctors", done, act, _to(name, first) if may else "")


def patients(staff: Staff) -> Step:
    """At least one is there."""
    found = Patient.objects.visible_to(staff)
    if not found.exists():
        may = staff.has_perm("records.add_patient")
        return Step("Patients", False, "Import patients", address("import") if may else "")
    href = _to("patient_changelist") + "?view=not-sent" if staff.has_perm("delivery.push") else ""
    return Step("Patients", _any_sent(found), "Push patients", href)


def balances(staff: Staff) -> Step:
    """At least one invoice is there."""
    found = Invoice.objects.visible_to(staff)
    if not found.exists():
        return _first_balance(staff)
    href = _to("invoice_changelist") if staff.has_perm("delivery.push") else ""
    return Step("Balances", _any_sent(found), "Push invoices", href)


def _first_balance(staff: Staff) -> Step:
    """At once the form of a patient who is there, best of an enterprise with a practice; else the list."""
    someone = Patient.objects.visible_to(staff).filter(removed=False, missing_since=None)
    there = someone.filter(remote_id__isnull=False).order_by("pk").values_list("pk", flat=True)
    first = there.filter(enterprise__in=Practice.objects.values("enterprise")).first() or there.first()
    if not staff.has_perm("records.add_invoice") or not (first or someone.exists()):
        return Step("Balances", False, "Assign a balance", "")
    if first:
        note = f"The form opens for {short_id('patient', first)}. For someone else, begin on their page."
        return Step("Balances", False, "Assign a balance", address("assign_balance", first), note)
    note = "No patient is at Inbox Health yet. Choose one in the list; what it owes goes out after it."
    return Step("Balances", False, "Choose a patient", _to("patient_changelist"), note)


def webhooks(staff: Staff) -> Step:
    """At least one endpoint is registered; an administrator registers it."""
    found = Endpoint.objects.visible_to(staff).filter(removed=False)
    may = staff.has_perm("records.add_endpoint")
    href = address("endpoint_add") if may else ""
    return Step("Webhooks", _any_sent(found), "Register an endpoint", href)


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
