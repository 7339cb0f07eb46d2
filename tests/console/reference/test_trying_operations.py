"""Try It in the console: reads at once, writes after a confirmation, the result on a page of its own."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from partnerportal.accounts.models import Staff
from partnerportal.audit.models import Entry, Exchange
from partnerportal.console.export_audit_lists import AUDIT_LISTS
from partnerportal.explorer.models import Trial
from partnerportal.records.models import Enterprise, Patient
from tests.cast import Stage, make_enterprise
from tests.console.cast import signed_in

pytestmark = pytest.mark.django_db(transaction=True)
BODY = json.dumps({"enterprise": {"name": "Harbor", "state": "CT"}})
PEOPLE = ("operator", "auditor", "administrator", "outsider")


def post(client: Client, name: str, **said: str) -> Any:
    """The answer; of a POST that leads back to a form or to its confirmation, that page."""
    answer = client.post(f"/reference/{name}/try/", said)
    leads_on = answer.status_code == 302 and "/tried/" not in answer["Location"]
    return client.get(answer["Location"]) if leads_on else answer


def confirmed(client: Client, name: str, **said: str) -> str:
    """Both POSTs; the text of the result."""
    asking = post(client, name, **said)
    token = re.search(r'name="token" value="([^"]+)"', asking.content.decode())
    assert token, asking.content.decode()
    sent = post(client, name, **said, token=token[1], confirmed="1")
    assert sent.status_code == 302, sent.content.decode()
    return str(client.get(sent["Location"]).content.decode())


def test_a_read_shows_status_time_budget_and_its_exchange(stage: Stage, operator: Staff) -> None:
    client = signed_in(operator)
    sent = post(client, "enterprises.list", query_per_page="5")
    text = client.get(sent["Location"]).content.decode()
    exchange = Exchange.objects.get()
    assert "<strong>200</strong>" in text and " ms" in text and "requests, right after it" in text
    assert f"/audit/exchanges/{exchange.pk}/" in text and stage.key.fingerprint in text
    assert client.get(f"/audit/exchanges/{exchange.pk}/").status_code == 200
    assert stage.key.key not in text and "$INBOX_HEALTH_API_KEY" in text


def test_a_write_is_shown_first_and_sent_once_however_often_the_button_is_pressed(
    stage: Stage, writer: Client
) -> None:
    asking = post(writer, "enterprises.create", body=BODY)
    text = asking.content.decode()
    assert "Send the POST in SANDBOX" in text and stage.there("enterprises") == []
    token = re.search(r'name="token" value="([^"]+)"', text)[1]  # type: ignore[index]
    places = {
        post(writer, "enterprises.create", body=BODY, token=token, confirmed="1")["Location"]
        for _ in range(3)
    }
    assert len(places) == 1 and len(stage.there("enterprises")) == 1
    result = writer.get(places.pop()).content.decode()
    assert Enterprise.objects.get().short_id in result and "in the portal now" in result


def test_a_record_made_by_it_and_its_exchange_name_each_other(
    stage: Stage, writer: Client, administrator: Staff, outsider: Staff
) -> None:
    confirmed(writer, "enterprises.create", body=BODY)
    made, exchange = Enterprise.objects.get(), Exchange.objects.get()
    address, home = f"/audit/exchanges/{exchange.pk}/", f"/records/enterprise/{made.pk}"
    story = writer.get(f"{home}/story/").content.decode()
    assert address in story and "Made through Try It, taken in" in story
    page = signed_in(administrator).get(address).content.decode()
    assert f"/{made.short_id}" in page and "(made by it)" in page
    assert f"Created enterprise {made.short_id} as IH {made.remote_id} for" in page
    assert (
        address in signed_in(administrator).get(f"/audit/exchanges/?record={made.short_id}").content.decode()
    )
    # Whoever sees the record sees what made it; whoever does not, neither.
    assert signed_in(outsider).get(address).status_code == 404
    outsider.scope.create(enterprise=made)
    assert address in signed_in(outsider).get(f"{home}/story/").content.decode()
    assert signed_in(outsider).get(address).status_code == 200
    looks = Entry.objects.filter(action="exchange_viewed", record=made.record_name)
    assert set(looks.values_list("actor", flat=True)) == {
        f"user:{administrator.username}",
        f"user:{outsider.username}",
    }
    other = make_enterprise(name="Elsewhere")
    assert address not in writer.get(f"/records/enterprise/{other.pk}/story/").content.decode()


def test_an_address_and_a_body_that_name_two_records_are_refused(stage: Stage, writer: Client) -> None:
    body = json.dumps({"id": 48010, "patient": {"city": "Boston"}})
    asked = post(writer, "patients.update", path_id="48018", body=body)
    assert "The address says 48018, the body 48010. Write the same id in both." in asked.content.decode()
    assert not Trial.objects.exists()


def test_what_will_be_changed_is_named_before_it_is_sent(stage: Stage, writer: Client) -> None:
    confirmed(writer, "enterprises.create", body=BODY)
    made = Enterprise.objects.get()
    body = json.dumps({"id": made.remote_id, "enterprise": {"state": "MA"}})
    asked = post(writer, "enterprises.update", path_id=str(made.remote_id), body=body).content.decode()
    assert f"That is {made.short_id}, Harbor." in asked
    body = json.dumps({"id": 48018, "enterprise": {"state": "MA"}})
    asked = post(writer, "enterprises.update", path_id="48018", body=body).content.decode()
    assert "No record here is tied to that id." in asked


def test_no_post_is_a_page_of_its_own(stage: Stage, writer: Client, outsider: Staff) -> None:
    """So that Back, after it, finds a page that can be loaded: of a form, its faults, its confirmation."""
    for said in ({"body": BODY}, {"body": "{"}, {"body": BODY, "back": "1"}):
        answer = writer.post("/reference/enterprises.create/try/", said)
        assert answer.status_code == 302, said
        assert writer.get(answer["Location"]).status_code in (200, 422)
    # What was typed is nobody else's, and encrypted.
    asking = writer.post("/reference/enterprises.create/try/", {"body": BODY})
    other = signed_in(outsider).get(asking["Location"])
    assert other.status_code in (302, 403) and b"Harbor" not in other.content
    with connection.cursor() as cursor:
        cursor.execute("SELECT said::text FROM explorer_draft")
        assert all("Harbor" not in row[0] for row in cursor.fetchall())


def test_what_it_made_is_named_in_the_list_and_the_file_of_exchanges(
    stage: Stage, writer: Client, administrator: Staff
) -> None:
    confirmed(writer, "enterprises.create", body=BODY)
    made = Enterprise.objects.get()
    text = signed_in(administrator).get("/audit/exchanges/").content.decode()
    assert f'href="/{made.short_id}"' in text
    (row,) = AUDIT_LISTS["exchange"].rows(administrator, {})
    about = next(column for column in AUDIT_LISTS["exchange"].columns if column.heading == "Record")
    assert about.value(row, False) == made.short_id


def test_going_back_keeps_what_was_typed(stage: Stage, writer: Client) -> None:
    back = post(writer, "enterprises.create", body=BODY, back="1").content.decode()
    assert "Harbor" in back and not Trial.objects.exists()


def test_the_result_can_be_loaded_again_and_run_again_from_its_form(stage: Stage, writer: Client) -> None:
    confirmed(writer, "enterprises.create", body=BODY)
    trial = Trial.objects.get()
    assert writer.get(f"/reference/tried/{trial.pk}/").status_code == 200
    assert len(stage.there("enterprises")) == 1
    assert "Harbor" in writer.get(f"/reference/enterprises.create/?from={trial.pk}").content.decode()


@pytest.mark.parametrize("who", PEOPLE)
def test_without_the_grant_nothing_is_written_whatever_is_posted(
    stage: Stage, who: str, request: pytest.FixtureRequest
) -> None:
    client = signed_in(request.getfixturevalue(who))
    sent = post(client, "enterprises.create", body=BODY, confirmed="1")
    assert sent.status_code in (403, 422)
    assert stage.there("enterprises") == [] and not Exchange.objects.exists()


def test_reading_is_for_who_sees_all_enterprises(stage: Stage, outsider: Staff, auditor: Staff) -> None:
    assert post(signed_in(outsider), "enterprises.list").status_code == 422
    assert post(signed_in(auditor), "enterprises.list").status_code == 403
    assert not Exchange.objects.exists()


def test_another_persons_result_is_not_there(stage: Stage, operator: Staff, administrator: Staff) -> None:
    place = post(signed_in(operator), "enterprises.list")["Location"]
    assert signed_in(administrator).get(place).status_code == 404


def test_an_unknown_outcome_says_so_and_where_to_look(stage: Stage, writer: Client) -> None:
    stage.sandbox.fault(kind="drop_after", operation="enterprises.create", count=1)
    text = confirmed(writer, "enterprises.create", body=BODY)
    assert "It may have been done. Look before you send it again." in text
    assert "/reference/enterprises.list/?query_sort=-id&amp;query_per_page=5#try" in text
    assert not Enterprise.objects.exists()


def test_what_is_no_json_or_no_id_stays_in_the_form_with_the_mistake(stage: Stage, writer: Client) -> None:
    broken = post(writer, "enterprises.create", body='{"enterprise": ')
    assert broken.status_code == 422 and "This is no JSON" in broken.content.decode()
    nowhere = post(writer, "patients.get", path_id="12; drop")
    assert nowhere.status_code == 422 and "whole number, such as 669" in nowhere.content.decode()
    assert not Exchange.objects.exists()


def test_what_breaks_the_contract_is_named_before_anything_is_sent(stage: Stage, writer: Client) -> None:
    seen = post(writer, "enterprises.create", body='{"enterprise": {"nmae": "Harbor"}}')
    text = seen.content.decode()
    assert seen.status_code == 422 and "enterprise.nmae is no attribute here." in text
    assert "enterprise.name is needed." in text and not Exchange.objects.exists()


def test_an_ssn_is_masked_in_the_answer_and_in_what_was_sent(stage: Stage, writer: Client) -> None:
    confirmed(writer, "enterprises.create", body=BODY)
    patient = {
        "enterprise_id": Enterprise.objects.get().remote_id,
        "first_name": "Ed",
        "last_name": "Edison",
        "ssn": "801-31-3292",
    }
    text = confirmed(writer, "patients.create", body=json.dumps({"patient": patient}))
    assert "801-31-3292" not in text and "•••-••-3292" in text
    assert Patient.objects.get().ssn is None  # the enterprise does not allow SSNs


def test_an_ssn_can_not_be_searched_for(stage: Stage, operator: Staff) -> None:
    seen = post(signed_in(operator), "patients.list", filter_name="ssn", filter_value="801-31-3292")
    assert seen.status_code == 422 and not Exchange.objects.exists()


def test_a_refused_key_and_an_outage_are_said_in_words(stage: Stage, operator: Staff) -> None:
    client = signed_in(operator)
    stage.settings.INBOX_HEALTH_BASE_URL = "http://127.0.0.1:9/partner/v2"
    down = client.get(post(client, "enterprises.list")["Location"]).content.decode()
    assert "It was not done; it may simply be sent again." in down
    stage.settings.INBOX_HEALTH_BASE_URL = stage.sandbox.base_url
    stage.key.key = "no-key-of-the-sandbox"
    stage.key.save()
    refused = client.get(post(client, "enterprises.list")["Location"]).content.decode()
    assert "Inbox Health refused the key" in refused


def test_the_form_is_filled_with_ids_that_are_there(stage: Stage, writer: Client) -> None:
    make_enterprise()
    confirmed(writer, "enterprises.create", body=BODY)
    remote = Enterprise.objects.get(name="Harbor").remote_id
    assert (
        f"&quot;enterprise_id&quot;: {remote}" in writer.get("/reference/patients.create/").content.decode()
    )


def test_a_get_runs_nothing(stage: Stage, writer: Client) -> None:
    assert writer.get("/reference/enterprises.list/try/").status_code == 405
    assert writer.get("/reference/writes/").status_code in (403, 405)
