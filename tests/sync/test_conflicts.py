"""A conflict waits for a person, is not sent meanwhile, and both values and the decision are kept."""

from __future__ import annotations

from typing import Any

import pytest

from partnerportal.audit.models import Entry
from partnerportal.audit.sealed import unseal
from partnerportal.delivery import needs, services
from partnerportal.delivery.models import Delivery
from partnerportal.records.models import Enterprise, Patient
from partnerportal.records.state import SyncState
from partnerportal.sync import conflicts
from partnerportal.sync.conflicts import OURS, THEIRS
from tests.cast import Stage, make_enterprise, make_patient
from tests.sync.scene import edit, pull, tie


@pytest.fixture
def ada(stage: Stage) -> Patient:
    """Her city was changed on both sides."""
    enterprise: Enterprise = make_enterprise()
    tie(stage, enterprise)
    row = make_patient(enterprise, city="Chicopee")
    tie(stage, row)
    row.city = "Boston"
    row.save()
    edit(stage, row, city="Springfield")
    pull(stage)
    return fresh(row)


def fresh(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def there(stage: Stage, row: Patient) -> dict[str, Any]:
    return next(r for r in stage.there() if r["id"] == row.remote_id)


def decide(stage: Stage, row: Patient, **choices: str) -> Patient:
    conflicts.decide(stage.context, "patient", row.pk, choices, "they called", conflicts.stamp(row))
    return fresh(row)  # type: ignore[no-any-return]


def test_a_push_sends_the_rest_and_not_the_field_in_conflict(stage: Stage, ada: Patient) -> None:
    ada.zip = "02101"
    ada.save()
    services.request_push(stage.context, ada)
    stage.run(until=lambda: there(stage, ada)["zip"] == "02101")
    assert there(stage, ada)["city"] == "Springfield"
    assert fresh(ada).sync_state == SyncState.CONFLICT


def test_a_push_of_the_conflict_alone_waits_until_it_is_decided(stage: Stage, ada: Patient) -> None:
    services.request_push(stage.context, ada)
    stage.run()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.reason) == ("blocked", "conflict")
    assert there(stage, ada)["city"] == "Springfield"
    assert not needs.needing(stage.operator).exists()
    decide(stage, ada, city=OURS)
    stage.run()
    assert there(stage, ada)["city"] == "Boston"
    assert fresh(ada).sync_state == SyncState.IN_SYNC


def test_ours_stays_to_be_sent_with_what_is_there_acknowledged(stage: Stage, ada: Patient) -> None:
    row = decide(stage, ada, city=OURS)
    assert (row.city, row.dirty, row.conflicts) == ("Boston", ["city"], [])
    assert row.acknowledged["city"] == {"sent": "Springfield", "answered": "Springfield"}
    pull(stage)
    assert fresh(row).conflicts == []


def test_theirs_is_taken_and_nothing_is_left_to_send(stage: Stage, ada: Patient) -> None:
    services.request_push(stage.context, ada)
    stage.run()
    row = decide(stage, ada, city=THEIRS)
    assert (row.city, row.dirty) == ("Springfield", [])
    stage.run()
    assert Delivery.objects.get().reason == "nothing_to_send"
    assert fresh(ada).sync_state == SyncState.IN_SYNC


def test_both_values_the_decision_and_the_reason_are_in_the_audit(stage: Stage, ada: Patient) -> None:
    decide(stage, ada, city=THEIRS)
    entry = Entry.objects.get(action="patient_conflict_decided")
    assert (entry.actor, entry.patient, entry.record) == ("user:ola", ada.pk, ada.record_name)
    assert unseal(entry) == {
        "reason": "they called",
        "decided": {
            "city": {
                "kept": "theirs", "ours": "Boston", "theirs": "Springfield", "acknowledged": "Chicopee",
            }
        },
    }  # fmt: skip


def test_a_decision_on_what_was_changed_meanwhile_is_refused(stage: Stage, ada: Patient) -> None:
    seen = conflicts.stamp(ada)
    edit(stage, ada, city="Worcester")
    pull(stage)
    with pytest.raises(conflicts.ChangedMeanwhile):
        conflicts.decide(stage.context, "patient", ada.pk, {"city": THEIRS}, "", seen)
    assert fresh(ada).city == "Boston"


def test_a_conflict_that_ends_by_itself_lets_the_push_go_on(stage: Stage, ada: Patient) -> None:
    services.request_push(stage.context, ada)
    stage.run()
    edit(stage, ada, city="Chicopee")
    pull(stage)
    assert conflicts.free_settled() == 1
    stage.run()
    assert there(stage, ada)["city"] == "Boston"
