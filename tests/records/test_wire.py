"""What counts as changed, in canonical form: ours against sent, theirs against answered."""

from __future__ import annotations

from datetime import date

import pytest

from partnerportal.records.models import Enterprise, Patient
from partnerportal.records.wire import canonical


def patient(**fields: object) -> Patient:
    enterprise = Enterprise(name="Elm", allow_ssn=bool(fields.pop("allow_ssn", False)))
    defaults = {"first_name": "Ada", "last_name": "Byron", "sex": "F", "cell_phone": "203.555.0101"}
    row = Patient(enterprise=enterprise, **{**defaults, **fields})
    row.acknowledged, row.remote = {}, None
    return row


def accepted(row: Patient, **rewritten: object) -> Patient:
    sent = row.wire.create_payload(row)
    answer = {**sent, **rewritten}
    row.remote_id, row.remote = 669, answer
    row.acknowledged = row.wire.acknowledge({}, sent, answer, created=True)
    return row


def test_a_new_patient_goes_out_in_the_vendors_forms_and_starts_nothing() -> None:
    sent = patient(date_of_birth=date(1979, 10, 26), state="Massachusetts").wire
    row = patient(date_of_birth=date(1979, 10, 26), state="Massachusetts")
    payload = sent.create_payload(row)
    assert payload["cell_phone"] == "(203) 555-0101"
    assert (payload["sex"], payload["state"]) == ("Female", "MA")
    assert (payload["date_of_birth"], payload["billing_status"]) == ("1979-10-26", "complete")
    assert "email" not in payload


def test_what_the_api_rewrites_is_no_change_on_either_side() -> None:
    row = accepted(patient(), cell_phone="(203) 555-0101", sex="Female", first_name="Ada")
    assert row.wire.dirty(row) == []
    row.remote = {**row.remote, "cell_phone": "2035550101", "first_name": "Ada "}
    assert row.wire.changed_there(row) == []


def test_both_sides_on_one_attribute_is_a_conflict_and_one_side_is_none() -> None:
    row = accepted(patient())
    row.cell_phone = "(203) 555-0199"
    row.remote = {**row.remote, "sex": "Male"}
    assert (row.wire.dirty(row), row.wire.changed_there(row)) == (["cell_phone"], ["sex"])
    assert row.wire.conflicts(row) == []
    row.remote = {**row.remote, "cell_phone": "(203) 555-0177"}
    assert row.wire.conflicts(row) == ["cell_phone"]
    row.cell_phone = "(203) 555-0177"
    assert row.wire.conflicts(row) == []


def test_a_cleared_value_is_sent_as_null() -> None:
    row = accepted(patient(city="Boston"))
    row.city = ""
    assert row.wire.update_payload(row) == {"city": None}


@pytest.mark.parametrize("allowed", [True, False])
def test_an_ssn_travels_only_where_the_enterprise_allows_it(allowed: bool) -> None:
    row = patient(ssn="999766866", allow_ssn=allowed)
    assert row.wire.create_payload(row).get("ssn") == ("999-76-6866" if allowed else None)


@pytest.mark.parametrize(
    ("form", "value", "expected"),
    [
        (canonical.phone, "+1 (203) 555-0101", "2035550101"),
        (canonical.phone, "", None),
        (canonical.state, "massachusetts", "MA"),
        (canonical.state, "ma", "MA"),
        (canonical.state, "Atlantis", "ATLANTIS"),
        (canonical.state, "Masachusets", "MASACHUSETS"),
        (canonical.state, "District of Columbia", "DC"),
        (canonical.zip_code, "010132204", "01013-2204"),
        (canonical.day, "2019-05-24T23:05:10.973-04:00", "2019-05-24"),
        (canonical.flag, "true", True),
        (canonical.flag, 0, False),
        (canonical.flag, None, None),
        (canonical.number, "6.350", "6.35"),
        (canonical.number, 100, "100"),
        (canonical.text, "  a   b ", "a b"),
    ],
)
def test_canonical_forms(form: canonical.Form, value: object, expected: object) -> None:
    assert form(value) == expected
