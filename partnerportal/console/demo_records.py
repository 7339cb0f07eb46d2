"""What the demo starts with: two practice groups, made up, with their doctors and a few patients each.

Nobody in here exists. Phone numbers are of the block 555-01xx, addresses of example.com. Imports the models.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from partnerportal.records.models import Doctor, Enterprise, Mirror, Patient, Practice


@dataclass(frozen=True)
class Group:
    """An enterprise, its practice, doctors (first, last, specialty) and patients (… born, sex, street)."""

    source_id: str
    name: str
    address: dict[str, str]
    doctors: tuple[tuple[str, str, str], ...]
    patients: tuple[tuple[str, str, date, str, str], ...]


GROUPS = (
    Group(
        "demo-birch",
        "Birch Street Family Medicine",
        {"address_line_1": "12 Birch Street", "city": "Northampton", "state": "MA", "zip": "01060"},
        (("Helen", "Okafor", "Family Medicine"), ("Samuel", "Brandt", "Internal Medicine")),
        (
            ("Marta", "Lindqvist", date(1961, 4, 9), "Female", "3 Cedar Lane"),
            ("Theo", "Abernathy", date(1988, 11, 23), "Male", "77 Pine Street"),
            ("Priya", "Raman", date(1994, 2, 17), "Female", "210 Elm Street"),
            ("Owen", "Castellanos", date(1979, 7, 30), "Male", "8 Spring Court"),
            ("Ines", "Moreau", date(2003, 9, 5), "Female", "41 Mill Road"),
        ),
    ),
    Group(
        "demo-harbor",
        "Harbor Point Orthopedics",
        {"address_line_1": "500 Harbor Way", "city": "New Haven", "state": "CT", "zip": "06510"},
        (("Naomi", "Feldstein", "Orthopedic Surgery"),),
        (
            ("Gus", "Petrakis", date(1952, 12, 1), "Male", "19 Dock Street"),
            ("Leila", "Haddad", date(1985, 6, 14), "Female", "6 Lantern Hill"),
            ("Walter", "Nwosu", date(1970, 3, 28), "Male", "133 Ferry Road"),
            ("Beatrix", "Solberg", date(1999, 10, 19), "Female", "25 Quay Lane"),
        ),
    ),
)


def made_by_demo(model: type[Mirror]) -> Q:
    """Which rows of a kind are the demo's own: its enterprises, their practices, doctors and patients."""
    if model is Enterprise:
        return Q(source_id__in=[group.source_id for group in GROUPS])
    if model is Practice:
        return Q(enterprise__source_id__in=[g.source_id for g in GROUPS], name__in=[g.name for g in GROUPS])
    if model is Doctor:
        return Q(source_id__in=[_doctor_id(g, n) for g in GROUPS for n in range(len(g.doctors))])
    return Q(health_record_id__in=[_chart_no(g, n) for g in GROUPS for n in range(len(g.patients))])


def _doctor_id(group: Group, number: int) -> str:
    return f"{group.source_id}-{number + 1}"


def _chart_no(group: Group, number: int) -> str:
    return f"{group.source_id}-{100 + number}"


def ensure(group: Group) -> list[Mirror]:
    """The group's records, made where they are not there yet; what staff changed since is left alone."""
    enterprise = _made(
        Enterprise, {"source_id": group.source_id}, name=group.name,
        support_phone_number="(203) 555-0100", time_zone="Eastern Time (US & Canada)", **group.address,
    )  # fmt: skip
    practice = Practice.objects.filter(enterprise=enterprise).order_by("pk").first() or _made(
        Practice, {"enterprise": enterprise}, name=group.name, **group.address
    )
    return [enterprise, practice, *_doctors(group, enterprise), *_patients(group, enterprise, practice)]


def _doctors(group: Group, enterprise: Enterprise) -> list[Mirror]:
    return [
        _made(
            Doctor, {"enterprise": enterprise, "source_id": _doctor_id(group, number)},
            first_name=first, last_name=last, specialty=specialty,
        )
        for number, (first, last, specialty) in enumerate(group.doctors)
    ]  # fmt: skip


def _patients(group: Group, enterprise: Enterprise, practice: Practice) -> list[Mirror]:
    place = {name: group.address[name] for name in ("city", "state", "zip")}
    return [
        _made(
            Patient, {"enterprise": enterprise, "health_record_id": _chart_no(group, number)},
            practice=practice, first_name=first, last_name=last, date_of_birth=born, sex=sex,
            address_line_1=street, cell_phone=f"(203) 555-01{10 + number}",
            email=f"{first}.{last}@example.com".lower(), language="English", **place,
        )
        for number, (first, last, born, sex, street) in enumerate(group.patients)
    ]  # fmt: skip


def _made(model: type[Mirror], key: dict[str, Any], **values: Any) -> Any:
    found = model.objects.filter(**key).first()
    return found or model.objects.create(**key, **values)
