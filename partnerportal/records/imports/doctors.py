"""Doctors in files: Synthea's providers.csv and plain headings. Pure.

A doctor's address is no attribute of theirs: it becomes their enterprise's practice where that has none.
"""

from __future__ import annotations

from typing import Any

from partnerportal.records.imports import cells
from partnerportal.records.imports.kinds import Column, Kind, Values, address_columns, finish_address, folded
from partnerportal.records.imports.names import FIRST, LAST, MIDDLE, split_name
from partnerportal.records.models import Doctor

COLUMNS = (
    Column(
        "source_id",
        "Id in your files",
        ("sourceid", "providerid", "doctorid", "clinicianid", "externalid", "id"),
        limit=120,
    ),
    Column(
        "organization",
        "Enterprise",
        ("organization", "organizationid", "enterprise", "enterpriseid", "practice", "client", "group"),
    ),
    Column("last_name", "Last name", LAST, is_name=True),
    Column("first_name", "First name", FIRST, is_name=True),
    Column("middle_name", "Middle name", MIDDLE, is_name=True),
    Column(
        "full_name",
        "Whole name",
        ("fullname", "name", "providername", "provider", "doctorname", "doctor", "physician", "clinician"),
        is_name=True,
    ),
    Column("suffix", "Suffix", ("suffix", "credentials", "degree"), limit=60),
    Column("specialty", "Specialty", ("specialty", "speciality", "providerspecialty", "taxonomydescription")),
    Column("npi", "NPI", ("npi", "npinumber", "nationalprovideridentifier"), cells.digits, limit=20),
    Column("provider_code", "Provider code", ("providercode", "code", "doctorcode"), limit=60),
    Column("phone", "Phone", ("phone", "phonenumber", "telephone", "tel"), cells.phone, limit=40),
    Column("email", "E-mail", ("email", "emailaddress", "mail"), cells.email),
    *address_columns(),
)


def _likeness(record: Any) -> tuple[Any, ...] | None:
    return folded(record.first_name, record.last_name) if record.last_name else None


def _finish(values: Values) -> list[str]:
    return [*split_name(values), *finish_address(values)]


DOCTORS = Kind(
    name="doctors",
    noun="doctor",
    one="doctor",
    many="doctors",
    model=Doctor,
    columns=COLUMNS,
    required=("last_name", "full_name"),
    keys=("source_id", "npi", "provider_code"),
    same=(),
    likeness=_likeness,
    finish=_finish,
)
