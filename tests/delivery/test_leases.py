"""A delivery has one holder at a time, on the database's clock; a worker that stood still does no harm."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from partnerportal.audit.models import Exchange
from partnerportal.delivery import claims, engine
from partnerportal.delivery.begin import begin, ready
from partnerportal.delivery.models import Delivery, Lookup
from partnerportal.delivery.revive import revive
from partnerportal.delivery.services import request_push
from partnerportal.delivery.settle import Result, settle
from partnerportal.records.models import Patient, Surplus
from tests.cast import Stage, make_patient
from tests.delivery.scene import end_leases, in_threads, onboarded, send_begun


def test_two_workers_never_hold_one_delivery(stage: Stage) -> None:
    for _ in range(40):
        request_push(stage.context, make_patient(onboarded()), lane="bulk")
    held: list[int] = []

    def claim_all() -> None:
        while hold := claims.claim_due("bulk"):
            held.append(hold.delivery_id)

    in_threads(8, claim_all)
    assert len(held) == len(set(held)) == 40


def test_a_lease_is_of_the_databases_clock_whatever_the_workers_says(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = request_push(stage.context, make_patient(onboarded()))
    monkeypatch.setattr(
        timezone, "now", lambda: timezone.datetime(2000, 1, 1, tzinfo=timezone.get_current_timezone())
    )
    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert claims.claim_due("interactive") is not None
    monkeypatch.undo()
    delivery.refresh_from_db()
    assert delivery.lease_until is not None
    assert timedelta(seconds=1) < delivery.lease_until - timezone.now() <= timedelta(seconds=4.5)
    assert claims.claim_due("interactive") is None
    end_leases()
    assert claims.claim_due("interactive") is not None


def test_whoever_lost_the_lease_sends_nothing(stage: Stage) -> None:
    patient = make_patient(onboarded())
    request_push(stage.context, patient)
    hold = claims.claim_due("interactive")
    assert hold is not None
    seen = ready(hold)
    assert seen is not None
    begun = begin(hold, seen)
    assert begun is not None
    end_leases()
    assert revive() == 1
    with pytest.raises(claims.LeaseLost):
        engine.transmit(begun)
    assert [r for r in stage.sandbox.requests() if r["operation"] == "patients.create"] == []
    assert not Exchange.objects.filter(operation="patients.create").exists()
    stage.run()
    assert len(stage.there()) == 1


def test_a_late_answer_settles_what_was_given_up(stage: Stage) -> None:
    patient = make_patient(onboarded())
    delivery = request_push(stage.context, patient)
    begun, reply = send_begun(written=False)
    given_up(delivery)
    assert settle(begun.delivery, begun.attempt, Result.of(reply, "patient"), begun.row) == "delivered"
    stage.run()
    patient.refresh_from_db()
    assert [r["id"] for r in stage.there()] == [patient.remote_id]
    assert patient.sync_state == "in_sync"


def test_two_that_landed_after_all_go_to_a_person(stage: Stage) -> None:
    """The first create was given up, looked for in vain and sent again; then its answer comes after all."""
    patient = make_patient(onboarded())
    delivery = request_push(stage.context, patient)
    begun, reply = send_begun(written=False, hide=stage)
    given_up(delivery)
    stage.run()
    stage.sandbox.admin("PUT", f"records/patients/{reply.record('patient')['id']}", {"external_ids": []})
    settle(begun.delivery, begun.attempt, Result.of(reply, "patient"), begun.row)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("delivered", "landed_twice")
    question = Surplus.objects.get(answer="")
    assert (question.record_id, question.remote_id) == (patient.pk, reply.record("patient")["id"])


def test_a_late_refusal_does_not_undo_what_was_delivered(stage: Stage) -> None:
    patient = make_patient(onboarded())
    delivery = request_push(stage.context, patient)
    stage.sandbox.fault(kind="refuse", operation="patients.create", attribute="zip", count=1)
    begun, reply = send_begun(written=False)
    given_up(delivery)
    stage.run()
    assert settle(begun.delivery, begun.attempt, Result.of(reply, "patient"), begun.row) == "delivered"
    patient.refresh_from_db()
    assert (patient.sync_state, len(stage.there())) == ("in_sync", 1)


def test_a_living_worker_is_not_revived(stage: Stage) -> None:
    request_push(stage.context, make_patient(onboarded()))
    send_begun()
    assert revive() == 0
    assert Delivery.objects.get(kind="push", noun="patient").state == "in_flight"


def test_a_look_up_comes_no_sooner_than_d_after_the_last_moment_of_sending(stage: Stage) -> None:
    stage.settings.DELIVERY_UNKNOWN_DELAY = 3.0
    delivery = request_push(stage.context, make_patient(onboarded()))
    send_begun(written=False)
    end_leases()
    delivery.refresh_from_db()
    lease = delivery.lease_until
    assert lease is not None
    revive()
    delivery.refresh_from_db()
    assert delivery.state == "unknown"
    assert delivery.next_at >= lease + timedelta(seconds=3.0 - stage.settings.INBOX_HEALTH_DEADLINE - 0.01)
    assert not Lookup.objects.exists()


def given_up(delivery: Delivery) -> None:
    """Its worker stands still past the end of its lease, and another revives what it left."""
    end_leases()
    assert revive() == 1
    delivery.refresh_from_db()
    assert delivery.state == "unknown"


def test_settling_twice_at_once_changes_nothing(stage: Stage) -> None:
    patient = make_patient(onboarded())
    delivery = request_push(stage.context, patient)
    begun, reply = send_begun()
    result = Result.of(reply, "patient")
    in_threads(4, lambda: settle(Delivery.objects.get(pk=delivery.pk), begun.attempt, result))
    patient.refresh_from_db()
    assert patient.sync_state == "in_sync"
    assert Patient.objects.filter(remote_id__isnull=False).count() == 1
