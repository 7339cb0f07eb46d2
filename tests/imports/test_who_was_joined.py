"""Files and joined patients: the surplus one is left alone, and nobody new is taken for it."""

from __future__ import annotations

from datetime import date

import pytest

from partnerportal.records import joining
from partnerportal.records.imports import services
from partnerportal.records.models import Enterprise, Patient
from tests.imports.conftest import WHO, Bring

FILE = "MRN,First,Last,DOB,City\n1,Ed,Edison,1987-10-07,Holyoke\nB-77,Ed,Edison,1987-10-07,Boston\n"


@pytest.fixture
def joined(enterprise: Enterprise) -> tuple[Patient, Patient]:
    born = date(1987, 10, 7)
    rows = [
        Patient.objects.create(
            enterprise=enterprise, health_record_id=chart, first_name="Ed", last_name="Edison",
            date_of_birth=born,
        )
        for chart in ("1", "B-77")
    ]  # fmt: skip
    return joining.join(WHO, rows[0].pk, rows[1].pk, [], {row.pk: 1 for row in rows})


def test_the_surplus_ones_row_changes_nothing_and_makes_nobody(
    imported: Bring, joined: tuple[Patient, Patient]
) -> None:
    survivor, surplus = joined
    for _ in range(2):
        imported(FILE)
        survivor.refresh_from_db()
        surplus.refresh_from_db()
        assert (survivor.city, surplus.city, surplus.removed) == ("Holyoke", "", True)
    assert Patient.objects.count() == 2


def test_a_row_without_a_chart_number_looks_like_the_one_that_stayed(
    checked: Bring, joined: tuple[Patient, Patient]
) -> None:
    found = checked("First,Last,DOB,City\nEd,Edison,1987-10-07,Chicopee\n")
    row = found.rows.get()
    assert (row.word, row.record_id) == ("maybe", joined[0].pk)
    services.decide(WHO, found, row.line, "same")
    services.confirm(WHO, found)
    joined[0].refresh_from_db()
    assert joined[0].city == "Chicopee"
