"""What comes back otherwise than it was sent, and what no kind of attribute takes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.sandbox.conftest import LUIGI, Caller
from tests.sandbox_process import Sandbox


@pytest.mark.parametrize(
    ("attribute", "sent", "answered"),
    [
        ("phone", "203-555-5555", "(203) 555-5555"),
        ("cell_phone", "+1 203 555 5555", "(203) 555-5555"),
        ("home_phone", "2035555555", "(203) 555-5555"),
        ("work_phone", "", None),
        ("sex", "M", "Male"),
        ("sex", "f", "Female"),
        ("sex", "Female", "Female"),
        ("ssn", "111114444", "111-11-4444"),
        ("ssn", "111-11-4444", "111-11-4444"),
        ("city", "  New Haven \n", "New Haven"),
        ("state", "Connecticut", "Connecticut"),
        ("zip", "06510-1234", "06510-1234"),
        ("date_of_birth", "1984-12-25T00:00:00.000-05:00", "1984-12-25"),
        ("removed", "true", True),
        ("sms_opt_out", 0, False),
        ("health_record_id", 3425, "3425"),
        ("first_name", "José Eduardo", "José Eduardo"),
        ("billing_status", "something new", "something new"),
    ],
)
def test_values_come_back_as_the_vendor_writes_them(
    api: Caller, enterprise: int, attribute: str, sent: Any, answered: Any
) -> None:
    made = api.create("patient", **{**LUIGI, "enterprise_id": enterprise, attribute: sent})
    assert made[attribute] == answered
    assert api.get(f"/patients/{made['id']}")["patient"][attribute] == answered


TOMORROW_EVERYWHERE = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()


@pytest.mark.parametrize(
    ("attribute", "sent", "message"),
    [
        ("phone", "12345", "is invalid"),
        ("phone", "call the front desk", "is invalid"),
        ("email", "nobody", "is invalid"),
        ("zip", "6510", "is invalid"),
        ("ssn", "11-111-4444", "is invalid"),
        ("sex", "X", "is not included in the list"),
        ("date_of_birth", "12/25/1984", "is invalid"),
        ("date_of_birth", "2023-02-29", "is invalid"),
        ("date_of_birth", TOMORROW_EVERYWHERE, "can't be in the future"),
        ("city", "x" * 256, "is too long (maximum is 255 characters)"),
        ("city", {"name": "x"}, "is invalid"),
        ("city", "\ud800", "is invalid"),
        ("city", "a\x00b", "is invalid"),
        ("practice_id", "twelve", "is not a number"),
        ("practice_id", 1.5, "is not a number"),
        ("removed", "perhaps", "is not included in the list"),
        ("removed", [], "is not included in the list"),
        ("external_ids", "3425", "is invalid"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_by_name(
    api: Caller, enterprise: int, attribute: str, sent: Any, message: str
) -> None:
    seen = api.call("POST", "/patients", {"patient": {**LUIGI, "enterprise_id": enterprise, attribute: sent}})
    assert (seen.status, seen.json) == (422, {"errors": {attribute: [message]}})


def test_a_phone_may_come_back_as_sent(sandbox: Sandbox, api: Caller, enterprise: int) -> None:
    sandbox.assume(phone_rewrite="no")
    made = api.create("patient", **LUIGI, enterprise_id=enterprise, phone=" 203-555-5555 ", home_phone="")
    assert (made["phone"], made["home_phone"]) == ("203-555-5555", None)


def test_a_statement_descriptor_is_capitals_and_short(api: Caller) -> None:
    made = api.create("enterprise", name="X", statement_descriptor=" Mental health charge of May")
    assert made["statement_descriptor"] == "MENTAL HEALTH CHARGE O"


def test_a_doctors_npi_is_digits_at_most_ten(api: Caller, enterprise: int) -> None:
    doctor = {"enterprise_id": enterprise, "first_name": "M", "last_name": "M"}
    assert api.create("doctor", **doctor, npi="101010")["npi"] == "101010"
    assert api.call("POST", "/doctors", {"doctor": {**doctor, "npi": "12345678901"}}).status == 422


def test_external_ids_are_kept_or_by_switch_dropped(sandbox: Sandbox, api: Caller, enterprise: int) -> None:
    sent = [{"issuer": "coolpm", "external_id": "3425"}]
    (kept,) = api.create("patient", **LUIGI, enterprise_id=enterprise, external_ids=sent)["external_ids"]
    assert {name: kept[name] for name in ("issuer", "external_id")} == sent[0]
    assert isinstance(kept["id"], int)
    sandbox.assume(external_ids="dropped")
    assert api.create("patient", **LUIGI, enterprise_id=enterprise, external_ids=sent)["external_ids"] == []
