"""Pages and their meta, sub-collections, and what is no page at all."""

from __future__ import annotations

import pytest

from tests.sandbox.conftest import Caller
from tests.sandbox_process import Sandbox


def test_a_list_has_its_plural_root_and_meta(api: Caller, patients: list[int]) -> None:
    answer = api.get("/patients")
    assert [row["id"] for row in answer["patients"]] == patients
    assert answer["meta"] == {"current_page": 1, "per_page": 25, "total_pages": 1, "has_more": False}


def test_pages_follow_one_another_without_gap_or_repeat(api: Caller, patients: list[int]) -> None:
    pages = [api.get(f"/patients?page={number}&per_page=3") for number in (1, 2, 3, 4)]
    assert [[row["id"] for row in one["patients"]] for one in pages] == [
        patients[:3],
        patients[3:6],
        patients[6:],
        [],
    ]
    assert [one["meta"]["has_more"] for one in pages] == [True, True, False, False]
    assert {one["meta"]["total_pages"] for one in pages} == {3}


def test_a_page_holds_at_most_a_hundred(sandbox: Sandbox, api: Caller) -> None:
    assert api.get("/patients?per_page=5000")["meta"]["per_page"] == 100
    sandbox.assume(per_page_max="25")
    assert api.get("/patients?per_page=5000")["meta"]["per_page"] == 25


@pytest.mark.parametrize("query", ["page=0", "page=-1", "page=two", "page=", "per_page=0", "per_page=1.5"])
def test_a_page_that_is_no_number_is_refused(api: Caller, enterprise: int, query: str) -> None:
    assert api.call("GET", f"/patients?{query}").status == 400
    assert api.call("GET", f"/enterprises/{enterprise}/transfers?{query}").status == 400


def test_meta_may_be_missing(sandbox: Sandbox, api: Caller, patients: list[int]) -> None:
    sandbox.assume(meta="absent")
    assert list(api.get("/patients")) == ["patients"]


def test_sub_collections_hold_the_owners_rows_only(api: Caller, enterprise: int, patients: list[int]) -> None:
    other = api.create("enterprise", name="Other")["id"]
    assert api.ids(f"/enterprises/{enterprise}/patients") == patients
    assert api.ids(f"/enterprises/{other}/patients") == []
    assert api.ids(f"/enterprises/{enterprise}/patients?filter[first_name]=kirby&sort=-id") == patients[:1]
    (practice,) = api.ids(f"/enterprises/{other}/practices")
    doctor = api.create("doctor", enterprise_id=other, first_name="Mario", last_name="M")["id"]
    assert api.ids(f"/practices/{practice}/doctors") == [doctor]
    assert api.ids(f"/doctors/{doctor}/practices") == [practice]
    assert len(api.ids(f"/practices/{practice}/users")) == 2


def test_nouns_that_are_not_kept_yet_list_nothing(api: Caller, enterprise: int, patients: list[int]) -> None:
    links = api.get(f"/enterprises/{enterprise}")["enterprise"]["links"]
    assert len(links) == 15
    for name in ("invoices", "payments", "notifications", "patient_payment_infos"):
        answer = api.get(f"/patients/{patients[0]}/{name}/")
        assert answer[name] == []
        assert answer["meta"]["total_pages"] == 0


def test_every_link_of_an_enterprise_can_be_followed(api: Caller, enterprise: int) -> None:
    for name, url in api.get(f"/enterprises/{enterprise}")["enterprise"]["links"].items():
        assert url.startswith(api.url)
        assert name in api.send("GET", url.removeprefix(api.url)).json


def test_a_trailing_slash_changes_nothing(api: Caller, enterprise: int, patients: list[int]) -> None:
    for path in ("/patients", f"/patients/{patients[0]}", f"/enterprises/{enterprise}/patients"):
        assert api.get(path) == api.get(f"{path}/")


@pytest.mark.parametrize(
    "path", ["/patients/999999999", "/patients/abc", "/nothing", "/patients/1/2/3", "", "/"]
)
def test_what_is_not_there_is_answered_with_404(api: Caller, path: str) -> None:
    assert api.call("GET", path).status == 404


def test_an_operation_the_contract_does_not_have_is_not_there(api: Caller, patients: list[int]) -> None:
    assert api.call("DELETE", f"/patients/{patients[0]}").status == 404
    assert api.call("POST", "/users", {"user": {"first_name": "X"}}).status == 404
