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
from partnerportal.accounts.keys import own_key
from partnerportal.accounts.models import ApiKey, Staff
from partnerportal.console.demo_records import made_by_demo
from partnerportal.kernel.environment import environment_name
from partnerportal.kernel.ids import short_id
from partnerportal.records.models import Doctor, Endpoint, Enterprise, Invoice, Patient, Practice


@dataclass(frozen=True)
class Step:
    """`act` names what the step's button does, `href` where; `post` is where one click does it.

    Both empty where this person can't do it. In the list and the guide `href` comes first, else `post`.
    `note`: where it leads and why there, "" where `act` says it all.
    """

    title: str
    done: bool
    act: str
    href: str
    note: str = ""
    post: str = ""


@dataclass(frozen=True)
class Onboarding:
    """`hidden`: this person put the list away. `demo`: records that the demo made are in sight."""

    steps: list[Step]
    hidden: bool = False
    demo: bool = False

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
    """The six steps as they stand for what this person may see; what the demo made is nobody's progress."""
    steps = [key, enterprise, inside, patients, balances, webhooks]
    return Onboarding(
        [step(staff) for step in steps],
        hidden=staff.checklist_hidden_at is not None,
        demo=Enterprise.objects.visible_to(staff).filter(made_by_demo(Enterprise)).exists(),
    )


def key(staff: Staff) -> Step:
    """A key of one's own that works; for who may not have one, the service key."""
    may = staff.has_perm("accounts.change_api_key")
    found = own_key(staff) if may else key_for(staff)
    if found is not None and found.state == ApiKey.State.WORKING:
        return Step("API key", True, "View the API key", "")
    if not may:
        return Step("API key", False, "Connect API key", "")
    if found is None:
        sandbox = environment_name() == "sandbox"
        act = "Generate a sandbox key" if sandbox else "Connect API key"
        return Step(
            "API key", False, act, address("key_connect"), post=address("key_generate") if sandbox else ""
        )
    if found.state == ApiKey.State.REFUSED:
        return Step("API key", False, "Replace the API key", address("key_replace", found.pk))
    return Step("API key", False, "Test the API key", "", post=address("key_test", found.pk))


def enterprise(staff: Staff) -> Step:
    """At least one is at Inbox Health."""
    found = _own(Enterprise, staff)
    may = staff.has_perm("records.add_enterprise")
    if not found.exists():
        return Step("Enterprise", False, "Add an enterprise", _to("enterprise_add") if may else "")
    unsent = _first_unsent(found)
    href = _to("enterprise_change", unsent) if unsent and may else ""
    return Step("Enterprise", not unsent or _any_sent(found), "Push the enterprise", href)


def inside(staff: Staff) -> Step:
    """At least one practice and one doctor are there."""
    practices, doctors = _own(Practice, staff), _own(Doctor, staff)
    done = _any_sent(practices) and _any_sent(doctors)
    first = _own(Enterprise, staff).order_by("pk").values_list("pk", flat=True).first()
    missing = "practice" if not practices.exists() else "doctor" if not doctors.exists() else ""
    act = f"Add a {missing}" if missing else "Push practices and doctors"
    name = "enterprise_practices" if missing == "practice" else "enterprise_doctors"
    may = first is not None and staff.has_perm("records.add_practice")
    return Step("Practices and doctors", done, act, _to(name, first) if may else "")


def patients(staff: Staff) -> Step:
    """At least one is there."""
    found = _own(Patient, staff)
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
        return Step("Balances", False, "Assign a balance", address("assign_balance", first), note=note)
    note = "No patient is at Inbox Health yet. Choose one in the list; what it owes goes out after it."
    return Step("Balances", False, "Choose a patient", _to("patient_changelist"), note=note)


def webhooks(staff: Staff) -> Step:
    """At least one endpoint is registered; an administrator registers it."""
    found = Endpoint.objects.visible_to(staff).filter(removed=False)
    may = staff.has_perm("records.add_endpoint")
    href = address("endpoint_add") if may else ""
    return Step("Webhooks", _any_sent(found), "Register an endpoint", href)


def _own(model: type[Any], staff: Staff) -> QuerySet[Any]:
    """What this person may see, without what the demo made."""
    rows: QuerySet[Any] = model.objects.visible_to(staff).exclude(made_by_demo(model))
    return rows


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
