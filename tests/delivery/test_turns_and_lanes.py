"""Who goes first: somebody who waits before a batch, and within a lane the enterprises in turns."""

from __future__ import annotations

from partnerportal.audit.models import Exchange
from partnerportal.delivery import claims, engine
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.plans import confirm_plan, make_plan
from partnerportal.delivery.services import request_push
from partnerportal.jobs.models import Job
from partnerportal.records.models import Enterprise, Patient
from tests.cast import Stage, make_patient
from tests.delivery.scene import onboarded


def batch(stage: Stage, enterprise: Enterprise, number: int) -> None:
    for _ in range(number):
        make_patient(enterprise)
    confirm_plan(
        make_plan(stage.operator, "patient", Patient.objects.filter(enterprise=enterprise)), stage.context
    )


def order(lane: str) -> list[int]:
    """Enterprises in the order in which their deliveries are claimed."""
    found = []
    while hold := claims.claim_due(lane):
        found.append(hold.delivery.enterprise_id)
    return found


def test_a_small_practice_does_not_wait_behind_a_large_ones_batch(stage: Stage) -> None:
    large, small = onboarded("Large"), onboarded("Small")
    batch(stage, large, 30)
    batch(stage, small, 3)
    assert order("bulk")[:7].count(small.pk) == 3


def test_who_comes_later_does_not_wait_for_all_that_was_sent_before(stage: Stage) -> None:
    large, small = onboarded("Large"), onboarded("Small")
    batch(stage, large, 20)
    engine.drive(
        "bulk", 10.0, stop=lambda: Delivery.objects.filter(noun="patient", state="delivered").count() >= 10
    )
    batch(stage, small, 3)
    assert order("bulk")[:7].count(small.pk) == 3


def test_a_push_by_hand_does_not_stand_in_the_batchs_queue(stage: Stage) -> None:
    enterprise = onboarded()
    batch(stage, enterprise, 5)
    waiting = Patient.objects.order_by("-pk")[0]
    request_push(stage.context, waiting)  # the batch has it already: it changes lanes
    assert Delivery.objects.filter(noun="patient", record_id=waiting.pk).count() == 1
    engine.drive("interactive", 5.0)
    assert Exchange.objects.filter(operation="patients.create").get().patient == waiting.pk


def test_a_paused_batch_keeps_its_place_and_lets_others_by(stage: Stage) -> None:
    first, second = onboarded("First"), onboarded("Second")
    batch(stage, first, 3)
    Job.objects.update(state=Job.State.PAUSED)
    batch(stage, second, 2)
    assert order("bulk") == [second.pk] * 2
