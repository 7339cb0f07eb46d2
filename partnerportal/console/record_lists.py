"""The four record lists: columns, filters, search, words. Imports lists, cells, searching and the records."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from partnerportal.console import cells, searching, standing
from partnerportal.console.lists import STATE, Choices, Column, Filter, Listing
from partnerportal.records import onboarding
from partnerportal.records.models import Doctor, Enterprise, Patient, Practice

MOST_CHOICES = 200
BY_NAME = ("last_name", "first_name", "id")
STATE_COLUMN = Column("state", "State", cells.state, ("sync_state", "id"), "state")


def _enterprise_choices(user: Any) -> Choices:
    """The first 200 by name; beyond that an enterprise's own tab is the way."""
    rows = Enterprise.objects.visible_to(user).order_by("name", "id").values_list("pk", "name")[:MOST_CHOICES]
    return [(str(pk), name or f"E-{pk}") for pk, name in rows]


def enterprise_named(user: Any, value: str) -> Enterprise | None:
    """The enterprise whose key stands in an address, where it is in sight."""
    if not (value.isascii() and value.isdigit() and len(value) < 19):
        return None
    found: Enterprise | None = Enterprise.objects.visible_to(user).light().filter(pk=int(value)).first()
    return found


def _enterprise_said(user: Any, value: str) -> str | None:
    found = enterprise_named(user, value)
    return (found.name or found.short_id) if found else None


ENTERPRISE = Filter(
    "enterprise",
    "Enterprise",
    _enterprise_choices,
    lambda value: Q(enterprise_id=int(value)),
    find=_enterprise_said,
)


def _enterprises(user: Any) -> QuerySet[Any]:
    per = Patient.objects.filter(enterprise=OuterRef("pk")).order_by().values("enterprise")
    number = Subquery(per.annotate(n=Count("pk")).values("n"), output_field=IntegerField())
    rows: QuerySet[Any] = Enterprise.objects.visible_to(user).light()
    counted: QuerySet[Any] = rows.annotate(patients_count=Coalesce(number, 0))
    return counted


def _with_enterprise(model: Any) -> Any:
    def rows(user: Any) -> QuerySet[Any]:
        rows: QuerySet[Any] = model.objects.visible_to(user)
        seen = rows.select_related("enterprise")
        return seen.defer("remote", "acknowledged", "enterprise__remote", "enterprise__acknowledged")

    return rows


def _prepare_enterprises(rows: list[Any]) -> None:
    """Besides its standing, how far the onboarding of each of one page is."""
    standing.prepare(rows)
    pks = [row.pk for row in rows]
    known = {row.pk: row for row in onboarding.measured(Enterprise.objects.light().filter(pk__in=pks))}
    for row in rows:
        row.how_far = onboarding.summary(onboarding.steps(known[row.pk])) if row.pk in known else ""


ENTERPRISES = Listing(
    noun="enterprise",
    title="Enterprises",
    lead="The practice groups you bill for, and how each stands at Inbox Health.",
    rows=_enterprises,
    columns=(
        Column("name", "Name", cells.title, ("name", "id"), "main"),
        Column("place", "Place", cells.place, css="fact first"),
        Column("patients", "Patients", cells.patients, css="fact second num"),
        Column("onboarding", "Onboarding", cells.onboarding, css="more"),
        STATE_COLUMN,
    ),
    filters=(STATE,),
    search=searching.enterprises,
    search_label="Name or id",
    empty="An enterprise is the practice group you bill for. It comes first.",
    prepare=_prepare_enterprises,
)
PRACTICES = Listing(
    noun="practice",
    title="Practices",
    lead="The places of your enterprises where patients are seen.",
    rows=_with_enterprise(Practice),
    columns=(
        Column("name", "Name", cells.title, ("name", "id"), "main"),
        Column("place", "Place", cells.place, css="fact first"),
        Column("enterprise", "Enterprise", cells.enterprise, css="fact second"),
        STATE_COLUMN,
    ),
    filters=(ENTERPRISE, STATE),
    search=searching.practices,
    search_label="Name, city or id",
    empty="A practice is a place where patients are seen. Without one, Inbox Health makes one itself.",
    prepare=standing.prepare,
)
DOCTORS = Listing(
    noun="doctor",
    title="Doctors",
    lead="The clinicians of your enterprises.",
    rows=_with_enterprise(Doctor),
    columns=(
        Column("name", "Name", cells.title, BY_NAME, "main"),
        Column("specialty", "Specialty", cells.specialty, css="fact first"),
        Column("npi", "NPI", cells.npi, css="more"),
        Column("enterprise", "Enterprise", cells.enterprise, css="fact second"),
        STATE_COLUMN,
    ),
    filters=(ENTERPRISE, STATE),
    search=searching.doctors,
    search_label="Name, NPI, provider code or id",
    empty="Doctors are named on visits and invoices. Add them, or import a file with them.",
    prepare=standing.prepare,
)
PATIENTS = Listing(
    noun="patient",
    title="Patients",
    lead="Find a person, and send what is not sent yet.",
    rows=_with_enterprise(Patient),
    columns=(
        Column("name", "Name", cells.title, BY_NAME, "main"),
        Column("born", "Date of birth", cells.born, ("date_of_birth", "id"), "fact first"),
        Column("chart", "Chart no.", cells.chart, css="more"),
        Column("enterprise", "Enterprise", cells.enterprise, css="fact second"),
        Column("balance", "Balance", cells.balance, css="more num"),
        STATE_COLUMN,
    ),
    filters=(ENTERPRISE, STATE),
    search=searching.patients,
    search_label="Name, date of birth, chart no., phone or id",
    empty="No patients yet. They come in from a file, or one by one.",
    prepare=standing.prepare,
)
LISTINGS: dict[str, Listing] = {
    listing.noun: listing for listing in (ENTERPRISES, PRACTICES, DOCTORS, PATIENTS)
}
