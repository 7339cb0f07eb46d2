"""Deciding what looking could not: sent and found side by side; link, send again, or look again."""

from __future__ import annotations

import pytest
from django.utils import timezone

from partnerportal.accounts.models import Staff
from partnerportal.audit.models import Entry
from partnerportal.audit.sealed import unseal
from partnerportal.delivery.models import Delivery
from partnerportal.records.models import Patient
from tests.console.cast import signed_in
from tests.console.sending import scene


@pytest.fixture
def waits(ed: Patient) -> Delivery:
    return scene.undecided(
        ed, {"id": 669, "zip": "06510", "ssn": "801-31-3292"}, {"id": 670, "differs": ["last_name"]}
    )


def page_of(made: Delivery) -> str:
    return f"/sending/deliveries/{made.pk}/decide/"


def test_sent_and_found_stand_side_by_side_with_what_differs(operator: Staff, waits: Delivery) -> None:
    shown = signed_in(operator).get(page_of(waits)).content.decode()
    assert "It is this one, 669" in shown and "It is this one, 670" in shown
    assert shown.count('class="differs"') == 1
    assert "Not there: send again" in shown and "Look again" in shown


def test_no_ssn_is_on_the_page(operator: Staff, waits: Delivery) -> None:
    assert "801-31" not in signed_in(operator).get(page_of(waits)).content.decode()


def test_the_evidence_is_on_the_deliverys_page_before_and_after(operator: Staff, waits: Delivery) -> None:
    client = signed_in(operator)
    path = f"/sending/deliveries/{waits.pk}/"
    assert "IH 670</span>: differs in Last name" in client.get(path).content.decode()
    client.post(page_of(waits), {"choice": "669"})
    assert "IH 670</span>: differs in Last name" in client.get(path).content.decode()


def test_it_is_this_one_ties_the_record_to_it(operator: Staff, waits: Delivery) -> None:
    signed_in(operator).post(page_of(waits), {"choice": "669"})
    waits.refresh_from_db()
    assert waits.state == "delivered" and waits.needs_person_since is None
    assert Patient.objects.get().remote_id == 669
    entry = Entry.objects.get(action="delivery_decided")
    assert entry.actor == "user:olivia"
    assert unseal(entry)["remote_id"] == 669


def test_not_there_sends_it_again(operator: Staff, waits: Delivery) -> None:
    signed_in(operator).post(page_of(waits), {"choice": "send"})
    waits.refresh_from_db()
    assert (waits.state, waits.needs_person_since) == ("pending", None)


@pytest.mark.parametrize("choice", ["671", "", "x", "9" * 30])
def test_a_choice_that_was_not_offered_changes_nothing(operator: Staff, waits: Delivery, choice: str) -> None:
    signed_in(operator).post(page_of(waits), {"choice": choice})
    waits.refresh_from_db()
    assert waits.state == "unknown" and waits.needs_person_since is not None
    assert Patient.objects.get().remote_id is None


def test_looking_again_is_offered_and_resumes_the_look_ups(operator: Staff, waits: Delivery) -> None:
    signed_in(operator).post(f"/sending/deliveries/{waits.pk}/look/")
    waits.refresh_from_db()
    assert (waits.state, waits.needs_person_since, waits.lookups) == ("unknown", None, 0)


def test_what_is_decided_is_not_decided_twice(operator: Staff, waits: Delivery) -> None:
    client = signed_in(operator)
    client.post(page_of(waits), {"choice": "669"})
    again = client.post(page_of(waits), {"choice": "send"}, follow=True)
    assert "There is nothing to decide any more." in again.content.decode()
    waits.refresh_from_db()
    assert waits.state == "delivered"


def test_a_lookalike_there_is_linked_or_sent_as_new(operator: Staff, ed: Patient) -> None:
    found = {"record": {"id": 55, "first_name": "Ed", "last_name": "Edison"}, "differs": [], "ours": False}
    made = scene.delivery(
        ed, "blocked", reason="looks_alike", needs_person_since=timezone.now(), detail={"candidates": [found]}
    )
    client = signed_in(operator)
    shown = client.get(page_of(made)).content.decode()
    assert "Link to 55" in shown and "Send as new" in shown
    client.post(page_of(made), {"choice": "55"})
    assert Patient.objects.get().remote_id == 55


def test_only_who_may_decide_reaches_it(auditor: Staff, outsider: Staff, waits: Delivery) -> None:
    assert signed_in(auditor).get(page_of(waits)).status_code == 403
    assert signed_in(outsider).get(page_of(waits)).status_code == 404
