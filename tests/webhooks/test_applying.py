"""What an event does to our record: newest wins, each effect once, and what can't be decided is read."""

from __future__ import annotations

import itertools
from random import Random
from typing import Any

import pytest

from partnerportal.accounts.models import ApiKey
from partnerportal.audit.models import Entry
from partnerportal.delivery.models import Delivery
from partnerportal.records import apply
from partnerportal.records.models import Endpoint, Enterprise, Patient, Sighting
from partnerportal.webhooks import process
from partnerportal.webhooks.models import Event
from tests.cast import make_enterprise, make_key, make_patient
from tests.owner import as_owner
from tests.webhooks.post import endpoint, event, post

__all__ = ["endpoint"]
AT = "2026-11-24T08:0{}:00.000Z"


@pytest.fixture(autouse=True)
def service(transactional_db: None) -> ApiKey:
    return make_key()


@pytest.fixture
def elm(endpoint: Endpoint) -> Enterprise:
    enterprise = make_enterprise()
    apply.link(enterprise, {"id": 10, "name": enterprise.name, "updated_at": AT.format(0)})
    return enterprise


@pytest.fixture
def ada(elm: Enterprise) -> Patient:
    patient = make_patient(elm, first_name="Ada", city="Chicopee")
    apply.link(patient, {**_as_there(patient), "id": 669, "updated_at": AT.format(1)})
    return patient


def _as_there(patient: Patient) -> dict[str, Any]:
    return {**patient.wire.create_payload(patient), "enterprise_id": 10}


def told(patient: Patient, minute: int, **attributes: Any) -> dict[str, Any]:
    """An event that says the patient stands so since that minute."""
    known = {**_as_there(patient), "id": 669, "updated_at": AT.format(minute)}
    return event("patient_updated", **{**known, **attributes})


def taken(endpoint: Endpoint, *events: dict[str, Any]) -> list[Event]:
    for one in events:
        assert post(endpoint, one).status_code == 200
    process.drive(5.0)
    return list(Event.objects.order_by("pk"))


def test_a_change_there_is_taken_over_and_the_event_shows_it(endpoint: Endpoint, ada: Patient) -> None:
    (row,) = taken(endpoint, told(ada, 2, city="Holyoke"))
    ada.refresh_from_db()
    assert (ada.city, ada.sync_state, row.state) == ("Holyoke", "in_sync", "applied")
    assert row.changes == {"city": {"was": "Chicopee", "now": "Holyoke"}}
    assert (row.record_id, row.enterprise_id, row.patient_id) == (ada.pk, ada.enterprise_id, ada.pk)
    entry = Entry.objects.get(action="patient_merged")
    assert entry.record == ada.record_name


def test_an_older_event_changes_nothing(endpoint: Endpoint, ada: Patient) -> None:
    rows = taken(
        endpoint, told(ada, 3, city="Holyoke"), told(ada, 2, city="Agawam"), told(ada, 0, city="Lee")
    )
    ada.refresh_from_db()
    assert ada.city == "Holyoke"
    assert [row.state for row in rows] == ["applied", "unchanged", "unchanged"]


def test_any_order_and_any_repeats_end_the_same(endpoint: Endpoint, ada: Patient) -> None:
    changes = [told(ada, minute, city=city) for minute, city in ((2, "A"), (3, "B"), (4, "C"))]
    for order in itertools.permutations(changes):
        as_owner("DELETE FROM webhooks_event")
        Patient.objects.filter(pk=ada.pk).delete()
        ada.save(force_insert=True)
        again = list(order) * 2
        Random(1).shuffle(again)
        taken(endpoint, *again)
        assert Patient.objects.get().city == "C"
        assert Event.objects.count() == 3


def test_the_same_second_with_other_values_is_read_by_its_id(endpoint: Endpoint, ada: Patient) -> None:
    rows = taken(endpoint, told(ada, 2, city="Holyoke"), told(ada, 2, city="Agawam"))
    assert [(row.state, row.reason) for row in rows] == [("applied", ""), ("unchanged", "read_by_id")]
    reading = Delivery.objects.get(kind=Delivery.Kind.REFRESH)
    assert (reading.noun, reading.record_id, reading.lane, reading.origin) == (
        "patient", ada.pk, "background", "webhook",
    )  # fmt: skip
    assert reading.cause == f"event:EV-{rows[1].pk}"


def test_an_edit_here_is_never_overwritten(endpoint: Endpoint, ada: Patient) -> None:
    ada.city = "Springfield"
    ada.save()
    (row,) = taken(endpoint, told(ada, 2, city="Holyoke", state="CT"))
    ada.refresh_from_db()
    assert (ada.city, ada.state, ada.conflicts) == ("Springfield", "CT", ["city"])
    assert (row.state, row.reason) == ("conflict", "changed_on_both_sides")


def test_another_balance_than_known_is_compared(endpoint: Endpoint, ada: Patient) -> None:
    taken(endpoint, told(ada, 2, balance_cents=4500))
    assert Delivery.objects.get(kind=Delivery.Kind.COMPARE).record_id == ada.pk


@pytest.mark.parametrize("kind", ["line_item_created", "invoice_payment_created", "payment_updated"])
def test_money_that_moves_there_has_the_patients_balance_compared(
    endpoint: Endpoint, ada: Patient, kind: str
) -> None:
    subject = event(kind, patient_id=669, enterprise_id=10, updated_at=AT.format(2))
    (row,) = taken(endpoint, subject)
    assert row.state == "only_there"
    assert Delivery.objects.get(kind=Delivery.Kind.COMPARE).record_id == ada.pk


def test_a_record_of_nobody_here_is_kept_as_only_there(endpoint: Endpoint, elm: Enterprise) -> None:
    (row,) = taken(endpoint, event("patient_created", enterprise_id=10, last_name="Else"))
    assert (row.state, row.enterprise_id, row.needs_person_since) == ("only_there", elm.pk, None)
    assert Sighting.objects.get(noun="patient").remote_id == 669


def test_while_a_create_of_ours_is_unknown_the_event_waits_and_is_evidence(
    endpoint: Endpoint, elm: Enterprise
) -> None:
    eve = make_patient(elm, first_name="Eve")
    push = Delivery.objects.create(
        noun="patient", record_id=eve.pk, enterprise=elm, lane="bulk", state="unknown",
        key=ApiKey.objects.get(), actor="schedule", origin="schedule", correlation_id="c",
    )  # fmt: skip
    body = event("patient_created", **{**_as_there(eve), "id": 670, "updated_at": AT.format(2)})
    (row,) = taken(endpoint, body)
    assert (row.state, row.reason) == ("waiting", "our_create")
    assert Sighting.objects.get(remote_id=670).enterprise_id == elm.pk
    apply.accept(eve, eve.wire.create_payload(eve), body["event_data"]["object"], created=True)
    Delivery.objects.filter(pk=push.pk).update(state="delivered")
    Event.objects.update(next_at=row.received_at)
    process.drive(5.0)
    row.refresh_from_db()
    assert (row.state, row.record_id) == ("unchanged", eve.pk)


def test_a_create_under_another_enterprise_is_not_waited_for(endpoint: Endpoint, elm: Enterprise) -> None:
    other = make_enterprise("Oak Street")
    apply.link(other, {"id": 11})
    mal = make_patient(other)
    Delivery.objects.create(
        noun="patient", record_id=mal.pk, enterprise=other, lane="bulk", state="unknown", actor="schedule",
        key=ApiKey.objects.get(), origin="schedule", correlation_id="c",
    )  # fmt: skip
    (row,) = taken(endpoint, event("patient_created", enterprise_id=10))
    assert row.state == "only_there"


def test_types_nobody_knows_are_shown_and_change_nothing(endpoint: Endpoint, ada: Patient) -> None:
    rows = taken(endpoint, event("moon_rose"), event("notification_created", patient_id=669))
    assert [row.state for row in rows] == ["unknown_type", "unchanged"]
    assert rows[1].enterprise_id == ada.enterprise_id


def test_an_event_of_another_environment_is_kept_and_not_applied(endpoint: Endpoint, ada: Patient) -> None:
    (row,) = taken(endpoint, {**told(ada, 2, city="Holyoke"), "livemode": True})
    ada.refresh_from_db()
    assert (row.state, ada.city) == ("elsewhere", "Chicopee")


def test_a_failure_is_tried_again_and_then_asks_a_person(
    endpoint: Endpoint, ada: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> None:
        raise RuntimeError("no value of this may be kept")

    monkeypatch.setitem(process.HANDLERS, "patient_updated", broken)  # type: ignore[arg-type]
    taken(endpoint, told(ada, 2, city="Holyoke"))
    for tries in range(1, process.TRIES + 1):
        row = Event.objects.get()
        assert (row.tries, row.reason) == (tries, "RuntimeError")
        assert (row.state == "failed") == (tries == process.TRIES)
        Event.objects.update(next_at=row.received_at)
        process.drive(5.0)
    assert Event.objects.get().needs_person_since is not None


def test_an_event_of_a_paused_endpoint_waits(endpoint: Endpoint, ada: Patient) -> None:
    Endpoint.objects.update(paused=True)
    (row,) = taken(endpoint, told(ada, 2, city="Holyoke"))
    assert (row.state, row.tries) == ("waiting", 0)
    Endpoint.objects.update(paused=False)
    process.drive(5.0)
    assert Event.objects.get().state == "applied"
