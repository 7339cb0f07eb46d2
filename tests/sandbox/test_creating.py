"""What a create needs, answers and refuses."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.conftest import LUIGI, Caller
from tests.sandbox_process import Sandbox


def refusal(api: Caller, **attributes: Any) -> Any:
    seen = api.call("POST", "/patients", {"patient": attributes})
    assert seen.status == 422, seen
    return seen.json["errors"]


def test_a_create_answers_201_with_the_record_below_its_root(api: Caller, enterprise: int) -> None:
    seen = api.call("POST", "/patients", {"patient": {**LUIGI, "enterprise_id": enterprise}})
    assert seen.status == 201
    made = seen.json["patient"]
    assert made["enterprise_id"] == enterprise
    assert made["balance_cents"] == made["cached_balance_cents"] == 0
    assert made["billing_status"] == "complete"
    assert made["corrected_zip"] is None
    assert made["links"]["invoices"].endswith(f"/partner/v2/patients/{made['id']}/invoices")
    assert made["created_at"] == made["updated_at"]
    assert api.get(f"/patients/{made['id']}") == {"patient": made}


def test_each_missing_attribute_is_named_at_once(api: Caller) -> None:
    blank = ["can't be blank"]
    assert refusal(api) == {"enterprise_id": blank, "first_name": blank, "last_name": blank}
    assert refusal(api, enterprise_id=1, first_name="  ", last_name=None) == {
        "first_name": blank,
        "last_name": blank,
    }


def test_a_parent_must_exist_and_be_of_the_same_enterprise(api: Caller, enterprise: int) -> None:
    assert refusal(api, **LUIGI, enterprise_id=1) == {"enterprise_id": ["must exist"]}
    other = api.create("enterprise", name="Other")["id"]
    (foreign,) = api.ids(f"/enterprises/{other}/practices")
    (own,) = api.ids(f"/enterprises/{enterprise}/practices")
    same = ["must belong to the same enterprise"]
    assert refusal(api, **LUIGI, enterprise_id=enterprise, practice_id=foreign) == {"practice_id": same}
    assert api.create("patient", **LUIGI, enterprise_id=enterprise, practice_id=own)["practice_id"] == own


def test_an_account_type_can_be_made_and_given(api: Caller, enterprise: int) -> None:
    kind = api.create("account_type", enterprise_id=enterprise, name="no statements")["id"]
    made = api.create("patient", **LUIGI, enterprise_id=enterprise, account_type_id=kind)
    assert made["account_type_id"] == kind
    assert api.ids("/account_types") == [kind]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"{", "application/json"),
        (b"", "application/json"),
        (b"[]", "application/json"),
        (b'{"patient": 1}', "application/json"),
        (b'{"patients": {}}', "application/json"),
        (b'{"patient": {"zip": NaN}}', "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b'{"patient": {}}', "text/plain"),
        (b"patient[first_name]=Luigi", "application/x-www-form-urlencoded"),
    ],
)
def test_a_body_that_is_not_what_it_should_be_is_a_bad_request(
    api: Caller, body: bytes, content_type: str
) -> None:
    seen = api.send("POST", "/partner/v2/patients", body, Content_Type=content_type)
    assert seen.status == 400
    assert seen.json["errors"]["base"]


def test_a_body_without_a_length_is_refused(api: Caller) -> None:
    seen = api.send("POST", "/partner/v2/patients", None, Transfer_Encoding="chunked")
    assert seen.status == 413


def test_unknown_attributes_are_ignored_or_by_switch_refused(
    sandbox: Sandbox, api: Caller, enterprise: int
) -> None:
    made = api.create("patient", **LUIGI, enterprise_id=enterprise, nickname="Weegee", balance_cents=5)
    assert "nickname" not in made
    assert made["balance_cents"] == 0
    sandbox.assume(unknown_attributes="refused")
    assert refusal(api, **LUIGI, enterprise_id=enterprise, nickname="W") == {"nickname": ["is not permitted"]}


def test_nothing_is_kept_of_what_was_refused(sandbox: Sandbox, api: Caller) -> None:
    bad = {"name": "Half", "practices_attributes": [{"name": "Fine"}, {"name": "Bad", "zip": "x"}]}
    seen = api.call("POST", "/enterprises", {"enterprise": bad})
    assert (seen.status, seen.json) == (422, {"errors": {"practices.zip": ["is invalid"]}})
    assert sandbox.records("enterprises") == sandbox.records("practices") == []


def test_ids_of_different_nouns_do_not_coincide(api: Caller, enterprise: int, patients: list[int]) -> None:
    ids = [row for name in ("enterprises", "practices", "patients", "users") for row in api.ids(f"/{name}")]
    assert len(ids) == len(set(ids))
    assert patients == list(range(patients[0], patients[0] + 7))
