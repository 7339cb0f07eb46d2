"""What a page and an export show of a body, and what they never do."""

from __future__ import annotations

import json
from typing import Any

import pytest

from partnerportal.audit import masking

PATIENT = {
    "patient": {
        "id": 669, "first_name": "Ed", "last_name": "Edison",
        "date_of_birth": "1979-10-26", "ssn": "801-31-3292",
        "cell_phone": "(203) 555-0199", "email": "ed@edisons.example", "address_line_1": "123 Mansion Rd",
        "city": "Thimbleweed", "zip": "06510", "health_record_id": "12345",
        "enterprise_id": 10, "removed": False,
        "billing_status": "complete", "created_at": "2026-11-24T14:31:07.482-05:00",
        "notes": "calls at night",
    }
}  # fmt: skip
BODY = json.dumps(PATIENT)


def page(reveal: bool, body: str = BODY) -> dict[str, Any]:
    shown: dict[str, Any] = json.loads(masking.page_body(body, reveal=reveal))["patient"]
    return shown


def test_a_page_shows_an_ssn_to_its_last_four_only() -> None:
    assert page(reveal=True)["ssn"] == "•••-••-3292"
    assert page(reveal=False)["ssn"] == "•••-••-3292"


def test_a_page_shows_those_who_may_everything_else() -> None:
    assert page(reveal=True) == PATIENT["patient"] | {"ssn": "•••-••-3292"}


def test_a_page_hides_birth_date_and_contact_from_others_but_not_the_name() -> None:
    shown = page(reveal=False)
    assert (shown["date_of_birth"], shown["cell_phone"]) == ("••/••/1979", "(203) •••-••99")
    assert {shown["email"], shown["address_line_1"], shown["zip"]} == {"•••"}
    assert shown["first_name"] == "Ed"


@pytest.mark.parametrize(
    "body",
    [
        '{"patient":{"ssn":"801-31-3292"',  # half an answer
        "<html>no such person: 801-31-3292</html>",
        '{"errors":{"ssn":["801-31-3292 is taken"]}}',
        '{"errors":{"base":["SSN 801-31-3292 is taken"]}}',
        '{"patient":{"ssn":"801313292"',
    ],
)
def test_no_ssn_survives_in_a_broken_body_either(body: str) -> None:
    shown = masking.page_body(body, reveal=True)
    assert "801" not in shown
    assert "3292" in shown


@pytest.mark.parametrize("ssn", ["801-31-3292", "801313292"])
@pytest.mark.parametrize("digits", range(1, 9))
def test_an_ssn_that_was_cut_off_shows_none_of_its_digits(ssn: str, digits: int) -> None:
    """The last four of what arrived are not the last four of the SSN."""
    shown = masking.page_body('{"patient":{"ssn":"' + ssn[:digits], reveal=True)
    assert not any(char.isdigit() for char in shown)


def test_a_body_that_is_no_json_is_hidden_from_those_who_may_not_see_contact() -> None:
    assert masking.page_body("<p>Ed Edison", reveal=False) == "[not JSON, 12 bytes, hidden]"


def test_an_export_names_nobody() -> None:
    exported = masking.export_body(BODY)
    for value in (
        "Ed",
        "Edison",
        "1979",
        "3292",
        "555",
        "edisons",
        "Mansion",
        "Thimbleweed",
        "06510",
        "12345",
        "night",
    ):
        assert f'"{value}' not in exported and value not in exported.replace("1979-", ""), value


def test_an_export_keeps_what_names_nobody() -> None:
    exported = json.loads(masking.export_body(BODY))["patient"]
    kept = ("id", "enterprise_id", "removed", "billing_status", "created_at")
    assert {name: exported[name] for name in kept} == {name: PATIENT["patient"][name] for name in kept}
    assert list(exported) == list(PATIENT["patient"])


def test_an_export_hides_an_attribute_nobody_thought_of() -> None:
    assert json.loads(masking.export_body('{"patient":{"pet":"Rex"}}')) == {"patient": {"pet": "•••"}}


def test_an_export_hides_text_where_an_id_or_an_instant_is_expected() -> None:
    exported = json.loads(masking.export_body('{"owner_id":"Ed Edison","seen_at":"at home","id":"17"}'))
    assert exported == {"owner_id": "•••", "seen_at": "•••", "id": "17"}


def test_an_export_keeps_stock_error_messages_and_hides_those_that_quote() -> None:
    exported = json.loads(masking.export_body('{"errors":{"zip":["is invalid","0651O is no ZIP"]}}'))
    assert exported == {"errors": {"zip": ["is invalid", "•••"]}}


def test_an_address_keeps_its_paging_and_hides_what_was_asked_for() -> None:
    url = "http://127.0.0.1:8001/partner/v2/patients?filter[last_name]=Edison&page=2&sort=-id"
    assert masking.export_url(url).endswith("/patients?filter[last_name]=•••&page=2&sort=-id")


def test_nesting_beyond_all_sense_is_no_error() -> None:
    assert masking.export_body("[" * 100_000).startswith("[not JSON")
    assert masking.export_body("[" * 900 + '"Edison"' + "]" * 900).find("Edison") == -1
