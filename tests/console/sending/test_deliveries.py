"""Deliveries: list, filters, the page of one, and what a person may do with it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from partnerportal.accounts.models import Staff
from partnerportal.audit.models import Entry
from partnerportal.delivery.models import Delivery, Plan
from partnerportal.records.models import Enterprise, Patient
from tests.console.cast import signed_in
from tests.console.sending import scene

LIST = "/sending/deliveries/"


def page(staff: Staff, path: str) -> str:
    answer = signed_in(staff).get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def refused(ed: Patient) -> Delivery:
    made = scene.delivery(
        ed, "failed", reason="validation", cause_key="validation:zip", needs_person_since=timezone.now(),
        detail={"errors": {"zip": ["is invalid", "0651O is no ZIP"]}},
    )  # fmt: skip
    scene.attempt(made, "rejected", "validation")
    return made


def test_views_and_filters_narrow(
    operator: Staff, refused: Delivery, north: Enterprise, south: Enterprise
) -> None:
    other = scene.delivery(scene.patient(south, 1), "pending", lane="bulk")
    for query, wanted in {
        "": {refused, other},
        "?tab=failed": {refused},
        "?tab=on-their-way": {other},
        "?tab=needs-you": {refused},
        "?state=pending": {other},
        f"?enterprise={north.pk}": {refused},
        "?lane=bulk": {other},
        "?cause=validation:zip": {refused},
    }.items():
        shown = page(operator, LIST + query)
        assert {made for made in (refused, other) if f">{made.short_id}<" in shown} == wanted, query


def test_each_row_says_how_it_stands(operator: Staff, refused: Delivery) -> None:
    shown = page(operator, LIST)
    assert "Inbox Health refused the ZIP." in shown and ">Failed<" in shown and "Edison, Ed" in shown


def test_a_foreign_enterprises_delivery_is_not_there(outsider: Staff, refused: Delivery) -> None:
    assert refused.short_id not in page(outsider, LIST)
    assert signed_in(outsider).get(f"{LIST}{refused.pk}/").status_code == 404
    assert signed_in(outsider).post(f"{LIST}{refused.pk}/again/").status_code == 404


def test_what_failed_is_planned_again_within_the_filters(
    operator: Staff, refused: Delivery, south: Enterprise
) -> None:
    scene.delivery(scene.patient(south, 1), "failed", cause_key="forbidden", reason="forbidden")
    assert "Send 1 patient again…" in page(operator, f"{LIST}?cause=validation:zip")
    answer = signed_in(operator).post(f"{LIST}again/", {"noun": "patient", "cause": "validation:zip"})
    plan = Plan.objects.get()
    assert answer["Location"] == f"/push/plans/{plan.pk}/"
    assert list(plan.items.filter(why="").values_list("record_id", flat=True)) == [refused.record_id]


def test_the_page_shows_attempts_exchanges_and_what_was_said(operator: Staff, refused: Delivery) -> None:
    shown = page(operator, f"{LIST}{refused.pk}/")
    exchange = refused.attempt_rows.get().exchange
    assert f'href="/X-{exchange}"' in shown and "patients.create" in shown and ">Rejected<" in shown
    assert "ZIP: is invalid; 0651O is no ZIP" in shown
    assert f"Fix {Patient.objects.get().short_id}" in shown


def test_what_was_said_is_hidden_from_who_may_not_see_contact(auditor: Staff, refused: Delivery) -> None:
    shown = page(auditor, f"{LIST}{refused.pk}/")
    assert "0651O" not in shown and "Send again" not in shown and "Fix " not in shown


def test_sending_again_is_a_post_an_entry_and_a_state(operator: Staff, refused: Delivery) -> None:
    client = signed_in(operator)
    assert client.get(f"{LIST}{refused.pk}/again/").status_code == 405
    client.post(f"{LIST}{refused.pk}/again/")
    refused.refresh_from_db()
    assert refused.state == "pending"
    assert Entry.objects.get(action="delivery_sent_again").actor == "user:olivia"


def test_cancelling_asks_first(operator: Staff, ed: Patient) -> None:
    made = scene.delivery(ed, "waiting", reason="rate_limited", next_at=timezone.now() + timedelta(minutes=5))
    client = signed_in(operator)
    assert "Keep it" in client.get(f"{LIST}{made.pk}/cancel/").content.decode()
    made.refresh_from_db()
    assert made.state == "waiting"
    client.post(f"{LIST}{made.pk}/cancel/")
    made.refresh_from_db()
    assert made.state == "cancelled"


def test_what_is_in_flight_can_not_be_taken_back(operator: Staff, ed: Patient) -> None:
    made = scene.delivery(ed, "in_flight", sent_at=timezone.now())
    assert "Cancel…" not in page(operator, f"{LIST}{made.pk}/")
    answer = signed_in(operator).post(f"{LIST}{made.pk}/cancel/", follow=True)
    assert "can&#x27;t be taken back any more" in answer.content.decode()


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("pending", "Next in line."),
        ("waiting", "Inbox Health asked for a pause."),
        ("in_flight", "Being sent since"),
        ("unknown", "looking it up (look-up 1 of 3"),
        ("delivered", ">Delivered<"),
    ],
)
def test_each_state_has_its_sentence(operator: Staff, ed: Patient, state: str, said: str) -> None:
    made = scene.delivery(
        ed, state, reason="rate_limited" if state == "waiting" else "", sent_at=timezone.now()
    )
    assert said in page(operator, f"{LIST}{made.pk}/")


def test_a_child_says_which_parent_it_waits_for(operator: Staff, ed: Patient) -> None:
    made = scene.delivery(ed, "blocked", reason="parent", blocked_by=ed.enterprise.record_name)
    assert "Waits for enterprise North Clinic, which is not at Inbox Health yet." in page(
        operator, f"{LIST}{made.pk}/"
    )


def test_nothing_at_all_is_a_calm_sentence(operator: Staff) -> None:
    assert "Nothing is waiting." in page(operator, LIST)


def test_an_empty_view_says_when_something_last_arrived(operator: Staff, ed: Patient) -> None:
    scene.delivery(ed, "delivered")
    shown = page(operator, f"{LIST}?tab=on-their-way")
    assert "Nothing is waiting. Last delivered" in shown
