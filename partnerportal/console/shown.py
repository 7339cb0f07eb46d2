"""A record's values as its page shows them: formatted, and masked for those who may not see them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from partnerportal.console import formats, labels
from partnerportal.console.normal import PHONES
from partnerportal.console.sections import SECTIONS
from partnerportal.kernel.money import dollars
from partnerportal.records.models import AccountType, Practice
from partnerportal.records.wire.attributes import Wire

REVEAL = "accounts.reveal_phi"


@dataclass(frozen=True)
class Line:
    """One labelled value. `vendor` is the vendor's name for it; `secret` has a way to reveal it."""

    name: str
    label: str
    value: str
    vendor: str
    secret: bool = False


def groups(record: Any, user: Any) -> list[tuple[str, list[Line]]]:
    """The sections of a record with what stands in them; an empty section is left out."""
    reveal = record.noun != "patient" or user.has_perm(REVEAL)
    shown = [
        (s.title, [_line(record, n, reveal) for n in s.fields if _belongs(record, n)])
        for s in SECTIONS[record.noun]
    ]
    return [(title, lines) for title, lines in shown if lines]


def _belongs(record: Any, name: str) -> bool:
    return name != "ssn" or record.enterprise.allow_ssn or bool(record.ssn)


def _line(record: Any, name: str, reveal: bool) -> Line:
    field = record._meta.get_field(name)
    if name == "ssn":
        return Line(name, "SSN", record.masked_ssn or formats.NOT_KNOWN, "ssn", secret=bool(record.ssn))
    label = str(field.verbose_name)
    return Line(
        name,
        label[:1].upper() + label[1:],
        text(name, getattr(record, name), reveal),
        vendor_name(record.wire, name),
    )


def vendor_name(wire: Wire, field: str) -> str:
    """What the API calls one of our fields; "" for what is never sent."""
    names = {a.field or a.name: a.name for a in wire.attributes}
    return names.get(field) or names.get(f"{field}_remote_id", "")


def text(name: str, value: Any, reveal: bool = True) -> str:
    """One value in words. `reveal` false masks birth date, phones and e-mail."""
    if value is None or value == "":
        return "Not said" if name.endswith("_opt_out") else formats.NOT_KNOWN
    if name == "ssn":
        return f"•••-••-{str(value)[-4:]}"
    if isinstance(value, Practice | AccountType):
        return value.name or value.short_id
    if isinstance(value, bool):
        return labels.flag(value)
    if name.endswith("_cents") and isinstance(value, int):
        return dollars(value)
    if name == "date_of_birth":
        return _born(value, reveal)
    if isinstance(value, date):
        return formats.day(value)
    if name in PHONES:
        return formats.phone(str(value)) if reveal else formats.masked_phone(str(value))
    if name == "email":
        return str(value) if reveal else formats.masked_email(str(value))
    return labels.billing(value) if name == "billing_status" else str(value)


def _born(value: Any, reveal: bool) -> str:
    if not isinstance(value, date):
        return str(value) if reveal else f"••/••/{str(value)[:4]}"
    return formats.birth(value) if reveal else formats.masked_birth(value)
