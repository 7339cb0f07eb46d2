"""The sandbox's signature: the vendor's known answer, and each rule of the Ruby library."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from integrations.sandbox.webhooks.normalizing import normalize
from integrations.sandbox.webhooks.signing import signature

KNOWN = (
    '{"id":4806,"livemode":false,"created_at":"2019-08-29T12:06:53.000-04:00","event_type":"patient_created",'
    '"event_data":{"object":{"id":669,"user_id":null,"enterprise_id":10,"first_name":"Ed","middle_name":"E",'
    '"last_name":"Edison","created_at":"2019-08-24T23:08:14.691Z","updated_at":"2019-08-25T10:06:48.507Z",'
    '"address_line_1":"123 Mansion Rd","address_line_2":null,"city":"Thimbleweed Park","state":"WA",'
    '"cell_phone":"(555) 555-5555","secondary_phone":"(555) 555-5555","date_of_birth":"1987-10-07",'
    '"primary":true,"ssn":"801-31-3292","sex":"Male","removed":false,"email":"weirded@edisons.com",'
    '"zip":"06510","email_two":null,"health_record_id":"12345","notes":null,"balance_cents":0,"soft_delete":0,'
    '"last_notified_at":null,"race":null,"language":"English","ethnicity":null,"marital_status":"Single",'
    '"employment_status":null,"employer_name":null,"contact_preference":"both","occupation":null,'
    '"pharmacy_name":null,"pharmacy_address_line_1":null,"pharmacy_address_line_2":null,"pharmacy_city":null,'
    '"pharmacy_state":null,"pharmacy_phone_number":null,"maiden_name":null,"home_phone":null,'
    '"work_phone":"(555) 555-5555","practice_id":13,"sms_opt_out":false,"phone_opt_out":false,'
    '"statement_cycle_started_at":null,"collection_warning_letter_date":null,"needs_card_update":false,'
    '"corrected_address_line_1":null,"corrected_address_line_2":null,"corrected_city":null,'
    '"corrected_state":null,"corrected_zip":null,"links":{"invoices":null,"payments":null,'
    '"notifications":null,"patient_payment_infos":null,"tickets":null},"object":"patient"}}}'
)


def test_the_known_answer() -> None:
    url = "https://coolcompany.com/api/v1/webhooks"
    assert signature("api_key", url, KNOWN) == "93G+w7p0GC2FB+us2KO8lT/XfZM="


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ('{"b": 1, "a": "x y@z"}', "a=x%20y%40z&b=1"),
        ('{"a": null, "b": true, "c": false}', "a=&b=true&c=false"),
        ('{"a": "é~-._"}', "a=%C3%A9~-._"),
        ('{"a": {"c": 1, "b": {"d": "x"}}}', "a%5Bb%5D%5Bd%5D=x&a%5Bc%5D=1"),
        ('{"a": {"b": [10, 2, 9]}}', "a%5Bb%5D%5B%5D=10&a%5Bb%5D%5B%5D=2&a%5Bb%5D%5B%5D=9"),
        ('{"a": {"b": [{"d": 2, "c": 1}]}}', "a%5Bb%5D%5B%5D%5Bc%5D=1&a%5Bb%5D%5B%5D%5Bd%5D=2"),
        ('{"a": {"b": [], "c": 1}}', "a%5Bc%5D=1"),
        ('{"a": 1, "b": {}, "c": 2}', "a=1&&c=2"),
        ('{"a": 1, "b": {"x": [], "y": {}}}', "a=1&"),
        ('{"a": [10, 9, 2.5]}', "a=2.5&a=9&a=10"),
        ('{"a": ["b", "B", "é"]}', "a=B&a=b&a=%C3%A9"),
        ('{"a": []}', "a="),
        ('{"a": [null]}', "a="),
        ('{"a": [{"b": 1}]}', "a%5B%5D%5Bb%5D=1"),
        ("{}", ""),
        ('{"é": 1, "z": 2, "Z": 3}', "Z=3&z=2&%C3%A9=1"),
        ('{"a": 12345678901234567890123}', "a=12345678901234567890123"),
    ],
)
def test_normalizing_as_the_ruby_library_does(body: str, text: str) -> None:
    assert normalize(json.loads(body)) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("0.00001", "1.0e-05"),
        ("1e20", "1.0e%2B20"),
        ("100000.0", "100000.0"),
        ("1e16", "1.0e%2B16"),
        ("1e15", "1.0e%2B15"),
        ("1234567890123456.0", "1.234567890123456e%2B15"),
        ("1234567890123456.5", "1234567890123456.5"),
        ("0.0001", "0.0001"),
        ("6.35", "6.35"),
        ("-0.0", "-0.0"),
        ("1.5e-7", "1.5e-07"),
        ("2.5e100", "2.5e%2B100"),
        ("5e-324", "5.0e-324"),
    ],
)
def test_floats_as_ruby_prints_them(number: str, text: str) -> None:
    assert normalize(json.loads(f'{{"a": {number}}}')) == f"a={text}"


@pytest.mark.parametrize("values", [[True, False], [1, "a"], [None, 1], [1, [2]]])
def test_what_ruby_can_not_order_is_no_parameter(values: list[Any]) -> None:
    with pytest.raises(TypeError):
        normalize({"a": values})


@pytest.mark.skipif("VENDOR_EXAMPLES" not in os.environ, reason="VENDOR_EXAMPLES does not name a file")
def test_the_vendors_own_webhook_can_be_signed() -> None:
    answers = json.loads(Path(os.environ["VENDOR_EXAMPLES"]).read_text())["answers"]
    text = normalize(answers["webhook body"])
    assert "event_data%5Bobject%5D%5Bexternal_ids%5D%5B%5D%5Bissuer%5D=coolpm" in text
    assert "emergency_contacts" not in text
