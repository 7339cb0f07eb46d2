"""What the tests of files of money share: an enterprise with patients by chart number, doctors, practices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from partnerportal.records.models import Doctor, Enterprise, Import, Patient, Practice
from tests.cast import make_patient

HEADER = "MRN,Claim No,DOS,Provider,CPT,Description,Units,Charge,Adjustment,Ins Owed\n"


@dataclass
class Clinic:
    """Birch Family Medicine, as its files know it."""

    enterprise: Enterprise
    practice: Practice
    doctor: Doctor
    ann: Patient
    bo: Patient


def open_clinic(enterprise: Enterprise) -> Clinic:
    """Two patients, A-1 and B-2; one practice; Dr. Ann Lee."""
    practice = Practice(enterprise=enterprise, name="Main office")
    practice.save()
    doctor = Doctor(enterprise=enterprise, first_name="Ann", last_name="Lee", npi="1234567893")
    doctor.save()
    return Clinic(
        enterprise,
        practice,
        doctor,
        make_patient(enterprise, health_record_id="A-1"),
        make_patient(enterprise, health_record_id="B-2"),
    )


def problems(found: Import) -> dict[int, list[str]]:
    """{line: its reasons}."""
    rows = found.rows.filter(word="not_valid").order_by("line")
    return {row.line: [parts[2] for parts in row.content["problems"]] for row in rows}


def changes(found: Import) -> dict[int, list[list[Any]]]:
    """{line: [[attribute, was, now], …]}."""
    return {row.line: row.content["changes"] for row in found.rows.filter(word="changed").order_by("line")}
