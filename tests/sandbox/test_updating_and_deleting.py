"""A PUT merges, a delete is soft or real."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.conftest import LUIGI, Caller
from tests.sandbox_process import Sandbox


def test_an_update_changes_what_was_sent_and_nothing_else(api: Caller, enterprise: int) -> None:
    before = api.create("patient", **LUIGI, enterprise_id=enterprise, city="Here", phone="203-555-5555")
    body = {"id": before["id"], "patient": {"city": "There", "phone": None, "precollection": True}}
    after = api.call("PUT", f"/patients/{before['id']}", body).json["patient"]
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"city", "phone", "precollection", "updated_at"}
    assert after == api.get(f"/patients/{before['id']}")["patient"]


def test_every_update_has_an_updated_at_of_its_own(api: Caller, patients: list[int]) -> None:
    path = f"/patients/{patients[0]}"
    stamps = [
        api.call("PUT", path, {"patient": {"city": "X"}}).json["patient"]["updated_at"] for _ in range(20)
    ]
    assert stamps == sorted(set(stamps))
    assert all(len(one) == len("2019-10-17T14:26:00.497Z") for one in stamps)


def test_instants_may_come_without_milliseconds(sandbox: Sandbox, api: Caller, patients: list[int]) -> None:
    sandbox.assume(timestamps="seconds")
    patient = api.get(f"/patients/{patients[0]}")["patient"]
    assert len(patient["updated_at"]) == len(patient["created_at"]) == len("2019-10-17T14:26:00Z")


def test_an_update_can_not_move_a_record_or_blank_its_name(
    api: Caller, enterprise: int, patients: list[int]
) -> None:
    path = f"/patients/{patients[0]}"
    assert (
        api.call("PUT", path, {"patient": {"enterprise_id": 1}}).json["patient"]["enterprise_id"]
        == enterprise
    )
    seen = api.call("PUT", path, {"patient": {"last_name": ""}})
    assert (seen.status, seen.json) == (422, {"errors": {"last_name": ["can't be blank"]}})


def test_an_external_id_keeps_its_own_id_over_updates(api: Caller, enterprise: int) -> None:
    one, two = ({"issuer": "coolpm", "external_id": number} for number in ("1", "2"))
    first = api.create("patient", **LUIGI, enterprise_id=enterprise, external_ids=[one])
    path = f"/patients/{first['id']}"
    second = api.call("PUT", path, {"patient": {"external_ids": [two, one]}}).json["patient"]["external_ids"]
    assert second[1] == first["external_ids"][0]
    assert second[0]["id"] != second[1]["id"]


@pytest.fixture
def doctor(api: Caller, enterprise: int) -> int:
    return int(api.create("doctor", enterprise_id=enterprise, first_name="Mario", last_name="M")["id"])


def test_a_deleted_doctor_can_be_read_but_is_in_no_list(api: Caller, enterprise: int, doctor: int) -> None:
    seen = api.call("DELETE", f"/doctors/{doctor}")
    assert seen.status == 200
    assert seen.json["doctor"]["soft_delete"] is True
    assert api.get(f"/doctors/{doctor}")["doctor"]["soft_delete"] is True
    assert api.ids("/doctors") == api.ids(f"/enterprises/{enterprise}/doctors") == []


def test_soft_delete_can_also_be_put_and_taken_back(api: Caller, doctor: int) -> None:
    for sent, listed in (("true", []), (False, [doctor])):
        api.call("PUT", f"/doctors/{doctor}", {"doctor": {"soft_delete": sent}})
        assert api.ids("/doctors") == listed


def test_a_deleted_practice_is_gone(api: Caller, enterprise: int) -> None:
    (practice,) = api.ids(f"/enterprises/{enterprise}/practices")
    assert api.call("DELETE", f"/practices/{practice}").status == 200
    assert api.call("GET", f"/practices/{practice}").status == 404
    assert api.call("DELETE", f"/practices/{practice}").status == 404


def test_ids_are_never_given_twice(api: Caller, enterprise: int) -> None:
    (practice,) = api.ids(f"/enterprises/{enterprise}/practices")
    api.call("DELETE", f"/practices/{practice}")
    made: Any = api.create("practice", enterprise_id=enterprise, name="Next")
    assert made["id"] > practice
