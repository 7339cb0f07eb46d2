"""An update replaces nothing there that was not known here: the record is read right before it."""

from __future__ import annotations

from typing import Any

import pytest

from partnerportal.delivery.models import Delivery
from partnerportal.delivery.services import request_push
from partnerportal.records.models import Patient
from partnerportal.records.state import SyncState
from tests.cast import Stage, make_enterprise, make_patient
from tests.sync.scene import edit, tie


@pytest.fixture
def ada(stage: Stage) -> Patient:
    enterprise = make_enterprise()
    tie(stage, enterprise)
    row = make_patient(enterprise, city="Chicopee", email="ada@example.com")
    tie(stage, row)
    return row


def typed_and_pushed(stage: Stage, row: Patient, **values: Any) -> Delivery:
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    delivery = request_push(stage.context, row)
    stage.run()
    row.refresh_from_db()
    delivery.refresh_from_db()
    return delivery


def there(stage: Stage) -> dict[str, Any]:
    return dict(stage.there()[0])


def puts(stage: Stage) -> int:
    return sum(request["method"] == "PUT" for request in stage.sandbox.requests())


def test_the_same_field_edited_there_and_not_told_of_yet_waits_for_a_person(
    stage: Stage, ada: Patient
) -> None:
    edit(stage, ada, city="Springfield")
    delivery = typed_and_pushed(stage, ada, city="Boston")
    assert (delivery.state, delivery.reason) == ("blocked", "conflict")
    assert (ada.sync_state, ada.conflicts, ada.city) == (SyncState.CONFLICT, ["city"], "Boston")
    assert (there(stage)["city"], puts(stage)) == ("Springfield", 0)


def test_another_field_edited_there_is_taken_over_and_ours_goes_out_alone(stage: Stage, ada: Patient) -> None:
    edit(stage, ada, email="ada@elsewhere.example")
    delivery = typed_and_pushed(stage, ada, city="Boston")
    assert (delivery.state, ada.sync_state) == ("delivered", SyncState.IN_SYNC)
    assert (ada.email, there(stage)["city"]) == ("ada@elsewhere.example", "Boston")
    assert delivery.attempt_rows.get().payload == {"city": "Boston"}


def test_edited_alike_on_both_sides_there_is_nothing_to_send(stage: Stage, ada: Patient) -> None:
    edit(stage, ada, city="Boston")
    delivery = typed_and_pushed(stage, ada, city="Boston")
    assert (delivery.state, delivery.reason, puts(stage)) == ("delivered", "nothing_to_send", 0)


def test_where_it_can_not_be_read_nothing_is_sent_until_it_can(stage: Stage, ada: Patient) -> None:
    edit(stage, ada, city="Springfield")
    stage.sandbox.fault(kind="500_before", operation="patients.get", count=2)
    delivery = typed_and_pushed(stage, ada, city="Boston")
    assert (delivery.reason, there(stage)["city"], puts(stage)) == ("conflict", "Springfield", 0)


def test_what_is_gone_there_is_told_by_the_update_itself(stage: Stage, ada: Patient) -> None:
    Patient.objects.filter(pk=ada.pk).update(remote_id=987_654)
    ada.refresh_from_db()
    delivery = typed_and_pushed(stage, ada, city="Boston")
    assert (delivery.state, puts(stage)) == ("failed", 1)
    assert ada.missing_since is not None
