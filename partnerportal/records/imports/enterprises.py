"""Enterprises in files: Synthea's organizations.csv and plain headings. Pure."""

from __future__ import annotations

from typing import Any

from partnerportal.records.imports import cells
from partnerportal.records.imports.kinds import Column, Kind, address_columns, finish_address, folded
from partnerportal.records.models import Enterprise

COLUMNS = (
    Column(
        "source_id",
        "Id in your files",
        ("sourceid", "organizationid", "enterpriseid", "practiceid", "clientid", "externalid", "code", "id"),
        limit=120,
    ),
    Column(
        "name",
        "Name",
        (
            "name",
            "organizationname",
            "enterprisename",
            "enterprise",
            "organization",
            "practicename",
            "client",
        ),
        is_name=True,
    ),
    *address_columns(),
    Column(
        "support_phone_number",
        "Support phone",
        ("supportphonenumber", "supportphone", "phone", "phonenumber", "telephone", "tel"),
        cells.phone,
        limit=40,
    ),
    Column("time_zone", "Time zone", ("timezone", "tz"), limit=60),
)


def _likeness(record: Any) -> tuple[Any, ...] | None:
    return folded(record.name) if record.name else None


ENTERPRISES = Kind(
    name="enterprises",
    noun="enterprise",
    one="enterprise",
    many="enterprises",
    model=Enterprise,
    columns=COLUMNS,
    required=("name",),
    keys=("source_id",),
    same=("name",),
    likeness=_likeness,
    finish=finish_address,
    inside_enterprise=False,
)
