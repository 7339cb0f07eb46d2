"""An update lands later than D, after a newer one was accepted: a conflict, and nobody's edit."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from partnerportal.delivery.models import Delivery
from partnerportal.records.models import Endpoint
from tests.cast import Stage
from tests.late.scene import (
    CREATES,
    UPDATES,
    asked,
    by_pull,
    changed_twice,
    landed,
    look_once_more,
    push,
    told_of,
    values_of,
)
from tests.webhooks.post import endpoint

__all__ = ["endpoint"]
TOLD = tuple(noun for noun in UPDATES if noun not in ("payment_reason", "account_type"))


def ours_stands_and_a_person_is_asked(stage: Stage, row: Any) -> None:
    attribute, column, _ = UPDATES[row.noun]
    first, second = values_of(row.noun)
    row.refresh_from_db()
    assert [one[attribute] for one in stage.there(row.wire.resource) if one["id"] == row.remote_id] == [first]
    assert getattr(row, column) == second
    assert (row.conflicts, row.sync_state) == ([attribute], "conflict")
    assert asked(stage) == 1


@pytest.mark.parametrize("noun", UPDATES)
def test_a_pull_finds_it(stage: Stage, noun: str) -> None:
    row = changed_twice(stage, noun)
    landed(stage)
    by_pull(stage)
    ours_stands_and_a_person_is_asked(stage, row)


@pytest.mark.parametrize("noun", TOLD)
def test_an_event_tells_of_it(stage: Stage, endpoint: Endpoint, noun: str) -> None:
    row = changed_twice(stage, noun)
    landed(stage)
    (there,) = [one for one in stage.there(row.wire.resource) if one["id"] == row.remote_id]
    told_of(endpoint, row, there, "updated")
    ours_stands_and_a_person_is_asked(stage, row)


@pytest.mark.parametrize("noun", UPDATES)
def test_the_confirming_look_finds_it(stage: Stage, noun: str) -> None:
    row = changed_twice(
        stage,
        noun,
        until=lambda: not Delivery.objects.filter(noun=noun, state__in=Delivery.OPEN).exists(),
    )
    landed(stage)
    look_once_more(stage)
    ours_stands_and_a_person_is_asked(stage, row)


@pytest.mark.parametrize(("choice", "kept"), [("ours", "Chicago"), ("theirs", "Boston")])
def test_it_is_decided_on_its_page_and_not_asked_again(stage: Stage, choice: str, kept: str) -> None:
    row = changed_twice(stage, "patient")
    landed(stage)
    by_pull(stage)
    row.refresh_from_db()
    client = Client()
    client.force_login(stage.operator)
    page = client.get(f"/differences/patient/{row.pk}/")
    assert "Arrived late" in page.content.decode()
    said = {"stamp": page.context["stamp"], "keep-city": choice, "reason": "it was late", "push": "1"}
    assert client.post(f"/differences/patient/{row.pk}/", said).status_code == 302
    stage.run()
    by_pull(stage)
    row.refresh_from_db()
    assert (row.city, row.sync_state, stage.there()[0]["city"]) == (kept, "in_sync", kept)
    assert asked(stage) == 0


def test_an_edit_made_there_is_still_an_edit(stage: Stage) -> None:
    """Another value than the late one is somebody's; that one may still land after it."""
    row = changed_twice(stage, "patient")
    stage.sandbox.admin("PUT", f"records/patients/{row.remote_id}", {"city": "Denver"})
    by_pull(stage)
    row.refresh_from_db()
    assert (row.city, row.conflicts) == ("Denver", [])
    landed(stage)
    by_pull(stage)
    row.refresh_from_db()
    assert (row.city, row.conflicts) == ("Denver", ["city"])


def test_an_update_that_was_seen_there_is_late_no_more(stage: Stage) -> None:
    """Its answer was lost, but a look showed that it had landed."""
    row = CREATES["patient"](stage)
    push(stage, row)
    UPDATES["patient"][2](row, "Boston")
    stage.sandbox.fault(kind="drop_after", operation="patients.update", count=1)
    push(stage, row)
    UPDATES["patient"][2](row, "Chicago")
    push(stage, row)
    stage.sandbox.admin("PUT", f"records/patients/{row.remote_id}", {"city": "Boston"})
    by_pull(stage)
    row.refresh_from_db()
    assert (row.city, row.conflicts, asked(stage)) == ("Boston", [], 0)
