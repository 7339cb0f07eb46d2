"""What our own forms and files demand before a record may be sent, in the user's words. Pure.

These rules are ours and stricter than the API (contract, opening): they are stored with the row on saving,
so a plan of 100,000 is a count.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import us

from partnerportal.records.money_rules import MONEY_RULES
from partnerportal.records.problems import Problem
from partnerportal.records.wire import canonical

STATES = {s.abbr for s in us.states.STATES_AND_TERRITORIES} | {"DC", "AA", "AE", "AP"}
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s.]+$")
_ZIP = re.compile(r"^\d{5}(-\d{4})?$")
# What our forms and files take as one name. The API names no limit; a claim (X12 837) has room for 60 letters
# of a last name or an organization and 35 of a first name. A longer one that comes from there stays as it is.
NAME_LIMIT = 100
OLDEST_BIRTH = date(1890, 1, 1)


def _required(row: Any, **labels: str) -> Iterator[Problem]:
    for name, label in labels.items():
        if not canonical.text(getattr(row, name)):
            yield Problem(name, f"{label} is missing.")


def _phones(row: Any, *names: str) -> Iterator[Problem]:
    for name in names:
        digits = canonical.phone(getattr(row, name))
        if digits and len(str(digits)) != 10:
            yield Problem(
                name, f"“{getattr(row, name)}” is no US phone number. One that works: (203) 555-0101."
            )


def _address(row: Any) -> Iterator[Problem]:
    state, zip_code = canonical.state(row.state), canonical.zip_code(row.zip)
    if state and state not in STATES:
        yield Problem("state", f"“{row.state}” is no US state. Two letters work: MA.")
    if zip_code and not _ZIP.match(str(zip_code)):
        yield Problem("zip", f"“{row.zip}” is no ZIP. Five digits work: 01013, or 01013-2204.")


def _email(row: Any) -> Iterator[Problem]:
    address = canonical.email(row.email)
    if address and not _EMAIL.match(str(address)):
        yield Problem("email", f"“{row.email}” is no e-mail address. One that works: name@example.com.")


def _npi(row: Any) -> Iterator[Problem]:
    if row.npi and not re.fullmatch(r"\d{10}", row.npi):
        yield Problem("npi", f"“{row.npi}” is no NPI: it has ten digits, or leave it empty.")


def _birth(row: Any) -> Iterator[Problem]:
    born = row.date_of_birth
    if born and not OLDEST_BIRTH <= born <= date.today():
        yield Problem("date_of_birth", f"“{born:%m/%d/%Y}” can't be a date of birth.")


def _sex(row: Any) -> Iterator[Problem]:
    if canonical.sex(row.sex) not in (None, "Male", "Female"):
        yield Problem("sex", f"“{row.sex}” can't be sent. M, F, Male, Female work, or leave it empty.")


def _ssn(row: Any) -> Iterator[Problem]:
    digits = canonical.digits(row.ssn)
    if row.ssn and (digits is None or len(str(digits)) != 9):
        yield Problem("ssn", "An SSN has nine digits, or leave it empty.")


def _never_sent(row: Any) -> Iterator[Problem]:
    if row.removed and row.remote_id is None:
        yield Problem("removed", "It was removed before it was sent, and stays here.")


def _enterprise(row: Any) -> Iterator[Problem]:
    yield from _required(row, name="Name")
    yield from _address(row)
    yield from _phones(row, "support_phone_number")


def _practice(row: Any) -> Iterator[Problem]:
    yield from _required(row, name="Name")
    yield from _address(row)


def _doctor(row: Any) -> Iterator[Problem]:
    yield from _required(row, first_name="First name", last_name="Last name")
    yield from _phones(row, "phone")
    yield from _email(row)
    yield from _npi(row)


def _patient(row: Any) -> Iterator[Problem]:
    yield from _required(row, first_name="First name", last_name="Last name")
    yield from _birth(row)
    yield from _address(row)
    yield from _phones(row, "cell_phone", "home_phone", "work_phone")
    yield from _email(row)
    yield from _ssn(row)
    yield from _sex(row)
    yield from _never_sent(row)


def _endpoint(row: Any) -> Iterator[Problem]:
    if not row.registered_webhooks:
        yield Problem("registered_webhooks", "Choose at least one event.")


RULES: dict[str, Callable[[Any], Iterator[Problem]]] = {
    "enterprise": _enterprise,
    "practice": _practice,
    "doctor": _doctor,
    "patient": _patient,
    "endpoint": _endpoint,
    **MONEY_RULES,
}

__all__ = ["Problem", "npi_warning", "problems"]


def problems(noun: str, row: Any) -> list[Problem]:
    """All that keeps the row from being sent; none means valid."""
    return list(RULES[noun](row))


def npi_warning(npi: str) -> str:
    """A wrong check digit only warns: "1234567890 should end in 3". "" where the NPI is well-formed."""
    if not re.fullmatch(r"\d{10}", npi):
        return ""
    total = 24  # the constant for the prefix 80840 of the Luhn sum (NPI standard)
    for place, char in enumerate(reversed(npi[:9])):
        doubled = int(char) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    right = (10 - total % 10) % 10
    return "" if right == int(npi[9]) else f"{npi} should end in {right}."
