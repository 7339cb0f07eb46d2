"""What a dead worker left: settled from its answer, looked up without one, sent anew where none was sent."""

from __future__ import annotations

import pytest

from partnerportal.delivery import claims
from partnerportal.delivery.begin import begin, ready
from partnerportal.delivery.models import Attempt, Delivery
from partnerportal.delivery.revive import revive
from partnerportal.delivery.services import request_push
from tests.cast import Stage, make_patient
from tests.delivery.scene import end_leases, onboarded, send_begun
from tests.owner import as_owner


def test_an_answer_that_was_written_down_settles_it_without_another_request(stage: Stage) -> None:
    patient = make_patient(onboarded())
    delivery = request_push(stage.context, patient)
    send_begun()
    seen = len(stage.sandbox.requests())
    end_leases()
    assert revive() == 1
    delivery.refresh_from_db()
    patient.refresh_from_db()
    assert (delivery.state, patient.sync_state) == ("delivered", "in_sync")
    assert len(stage.sandbox.requests()) == seen


def test_a_refusal_that_was_written_down_names_its_field(stage: Stage) -> None:
    patient = make_patient(onboarded())
    delivery = request_push(stage.context, patient)
    stage.sandbox.fault(kind="refuse", operation="patients.create", attribute="zip", count=1)
    send_begun()
    end_leases()
    revive()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.cause_key) == ("failed", "validation:zip")


def test_an_attempt_without_an_exchange_was_never_sent(stage: Stage) -> None:
    request_push(stage.context, make_patient(onboarded()))
    hold = claims.claim_due("interactive")
    assert hold is not None
    seen = ready(hold)
    assert seen is not None
    assert begin(hold, seen) is not None
    end_leases()
    revive()
    assert Attempt.objects.get(operation="patients.create").reason == "never_sent"
    assert Delivery.objects.get(noun="patient").state == "pending"


def test_one_that_cannot_be_revived_does_not_keep_the_others(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    enterprise = onboarded()
    for _ in range(2):
        request_push(stage.context, make_patient(enterprise))
        send_begun()
    end_leases()
    broken = Delivery.objects.filter(noun="patient").order_by("pk")[0]
    # What should never be: no attempt of an in-flight delivery.
    as_owner("DELETE FROM delivery_attempt WHERE delivery_id = %s", broken.pk)
    revive()
    assert Delivery.objects.filter(noun="patient", state="delivered").count() == 1
    assert "DoesNotExist" in caplog.text
