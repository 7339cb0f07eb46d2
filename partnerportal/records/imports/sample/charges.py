"""A few hundred charges and payments for the patients of a file, made up and always the same. Pure."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

HEADER = (
    "MRN", "Claim No", "Date of Service", "CPT", "Description", "Units", "Charge", "Adjustment",
    "Insurance Balance", "Copay", "Payment Method",
)  # fmt: skip
_SERVICES = (  # code, what, cents of one, units
    ("99213", "Office visit, established patient", 15_600, 1),
    ("87880", "Strep test", 2_450, 1),
    ("99214", "Office visit, moderate", 22_400, 1),
    ("36415", "Blood draw", 1_200, 1),
    ("J1100", "Dexamethasone injection, 1 mg", 350, 4),
    ("81002", "Urinalysis", 1_875, 1),
    ("90471", "Immunization administration", 4_100, 1),
)
_METHODS = ("Cash", "Check", "Visa")
PATIENTS = 120
FIRST_DAY = date(2026, 9, 1)


def charges_csv(patients_csv: str) -> str:
    """Charges for the first PATIENTS people of a file whose first column is their chart number."""
    out = io.StringIO()
    write = csv.writer(out).writerow
    write(HEADER)
    rows = list(csv.reader(io.StringIO(patients_csv)))[1:]
    for number, row in enumerate(rows[:PATIENTS]):
        for line in _claim(row[0], number):
            write(line)
    return out.getvalue()


def _claim(chart: str, number: int) -> list[list[str]]:
    """One to three lines: some adjusted, every sixth waiting for insurance, every fourth with a copay."""
    day = (FIRST_DAY + timedelta(days=number % 60)).strftime("%m/%d/%Y")
    lines = []
    for place in range(1 + number % 3):
        code, what, each, units = _SERVICES[(number + place * 2) % len(_SERVICES)]
        total = each * units
        adjusted = total // 5 if number % 2 else 0
        insurance = total - adjusted if number % 6 == 0 and place == 0 else 0
        copay = number % 4 == 1 and place == 0
        lines.append(
            [chart, f"CL-{10_001 + number}", day, code, what, str(units), _dollars(total),
             _dollars(adjusted) if adjusted else "", _dollars(insurance) if insurance else "",
             "10.00" if copay else "", _METHODS[number % 3] if copay else ""]
        )  # fmt: skip
    return lines


def _dollars(cents: int) -> str:
    return f"${cents // 100:,}.{cents % 100:02d}"
