"""A create whose answer was lost is looked for before it is sent again; nothing arrives twice or never."""

from __future__ import annotations

import pytest

from partnerportal.delivery.deciding import candidates, decide_link, decide_send
from partnerportal.delivery.models import Delivery, Lookup
from partnerportal.delivery.services import request_push
from partnerportal.records.models import Patient
from tests.cast import Stage, make_enterprise, make_patient

AFTER = ["500_after", "drop_after", "drip", "half", "html", "late"]
BEFORE = ["429", "500_before", "drop_before", "hang", "html_before"]


def sent(stage: Stage) -> tuple[Patient, Delivery]:
    """An enterprise that is there, and a patient about to go."""
    enterprise = make_enterprise()
    request_push(stage.context, enterprise)
    stage.run()
    enterprise.refresh_from_db()
    patient = make_patient(enterprise)
    return patient, request_push(stage.context, patient)


@pytest.mark.parametrize("kind", [*AFTER, *BEFORE])
def test_whatever_goes_wrong_with_a_create_the_patient_is_there_exactly_once(stage: Stage, kind: str) -> None:
    patient, delivery = sent(stage)
    more = {"delay": 0.3, "interval": 0.2} if kind in ("late", "drip") else {}
    stage.sandbox.fault(kind=kind, operation="patients.create", count=1, **more)
    stage.run()
    patient.refresh_from_db()
    delivery.refresh_from_db()
    assert [r["id"] for r in stage.there()] == [patient.remote_id]
    assert (delivery.state, patient.sync_state) == ("delivered", "in_sync")


def test_the_reference_makes_no_difference_where_the_api_drops_it(stage: Stage) -> None:
    stage.sandbox.assume(external_ids="dropped")
    patient, _ = sent(stage)
    stage.sandbox.fault(kind="drop_after", operation="patients.create", count=1)
    stage.run()
    patient.refresh_from_db()
    assert [r["id"] for r in stage.there()] == [patient.remote_id]


def test_nothing_is_sent_again_before_two_look_ups_found_nothing_and_a_third_confirms(stage: Stage) -> None:
    patient, delivery = sent(stage)
    stage.sandbox.fault(kind="drop_before", operation="patients.create", count=1)
    stage.run()
    patient.refresh_from_db()
    assert patient.sync_state == "in_sync"
    kept = Lookup.objects.filter(delivery=delivery).order_by("number")
    assert [look.verdict for look in kept] == ["none", "none", "one"]


def test_somebody_alike_goes_to_a_person_who_says_it_is_this_one(stage: Stage) -> None:
    stage.sandbox.assume(external_ids="dropped")
    patient, delivery = sent(stage)
    stage.sandbox.fault(kind="drop_after", operation="patients.create", count=1)
    stage.run(until=lambda: bool(Delivery.objects.filter(state="unknown")))
    there = stage.there()[0]
    stage.sandbox.admin("PUT", f"records/patients/{there['id']}", {"zip": "01020"})
    stage.run()
    delivery.refresh_from_db()
    patient.refresh_from_db()
    assert (delivery.state, delivery.reason, patient.sync_state) == ("unknown", "looked_similar", "undecided")
    found = candidates(delivery)
    assert [(c["differs"], c["ours"]) for c in found] == [(["zip"], False)]
    decide_link(stage.context, delivery, there["id"])
    patient.refresh_from_db()
    assert patient.remote_id == there["id"]
    assert len(stage.there()) == 1


def test_a_person_may_say_that_it_is_not_there(stage: Stage) -> None:
    stage.sandbox.assume(external_ids="dropped")
    patient, delivery = sent(stage)
    stage.sandbox.fault(kind="drop_after", operation="patients.create", count=1)
    stage.run(until=lambda: bool(Delivery.objects.filter(state="unknown")))
    there = stage.there()[0]
    stage.sandbox.admin("PUT", f"records/patients/{there['id']}", {"zip": "01020"})
    stage.run()
    delivery.refresh_from_db()
    decide_send(stage.context, delivery)
    stage.run()
    patient.refresh_from_db()
    assert patient.remote_id not in (None, there["id"])
    assert len(stage.there()) == 2


@pytest.mark.parametrize("kind", ["drop_after", "drop_before", "500_after", "late"])
def test_an_unknown_update_is_read_back_and_sent_again_only_if_it_did_not_land(
    stage: Stage, kind: str
) -> None:
    patient, _ = sent(stage)
    stage.run()
    patient.refresh_from_db()
    patient.city = "Boston"
    patient.save()
    delivery = request_push(stage.context, patient)
    stage.sandbox.fault(kind=kind, operation="patients.update", count=1, delay=0.2)
    stage.run()
    delivery.refresh_from_db()
    patient.refresh_from_db()
    assert (stage.there()[0]["city"], delivery.state, patient.sync_state) == (
        "Boston",
        "delivered",
        "in_sync",
    )


def test_an_enterprise_whose_answer_was_lost_is_there_once_with_its_practice(stage: Stage) -> None:
    enterprise = make_enterprise()
    request_push(stage.context, enterprise)
    stage.sandbox.fault(kind="drop_after", operation="enterprises.create", count=1)
    stage.run()
    enterprise.refresh_from_db()
    assert [r["id"] for r in stage.there("enterprises")] == [enterprise.remote_id]
    assert enterprise.practices.get().remote_id == stage.there("practices")[0]["id"]
