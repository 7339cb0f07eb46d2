"""Edits before the send become one request; an edit while it is on its way is sent after it."""

from __future__ import annotations

from partnerportal.delivery import claims
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.services import request_push
from partnerportal.delivery.settle import Result, settle
from tests.cast import Stage, make_patient
from tests.delivery.scene import onboarded, send_begun


def test_an_edit_while_the_create_is_on_its_way_follows_it_as_an_update(stage: Stage) -> None:
    patient = make_patient(onboarded())
    request_push(stage.context, patient)
    begun, reply = send_begun()
    patient.city = "Boston"
    patient.save()
    second = request_push(stage.context, patient)
    assert second.pk != begun.delivery.pk
    settle(begun.delivery, begun.attempt, Result.of(reply, "patient"), begun.row)
    patient.refresh_from_db()
    assert patient.city == "Boston", "settling writes what it knows, and nothing a user typed meanwhile"
    assert patient.sync_state == "on_its_way"
    stage.run()
    patient.refresh_from_db()
    assert (patient.sync_state, stage.there()[0]["city"]) == ("in_sync", "Boston")
    methods = [r["method"] for r in stage.sandbox.requests() if "/patients" in r["path"]]
    assert methods == ["POST", "GET", "PUT"]


def test_the_second_waits_until_the_first_is_settled(stage: Stage) -> None:
    patient = make_patient(onboarded())
    request_push(stage.context, patient)
    send_begun()
    patient.city = "Boston"
    patient.save()
    request_push(stage.context, patient)
    states = Delivery.objects.filter(noun="patient").order_by("pk").values_list("state", flat=True)
    assert list(states) == ["in_flight", "pending"]
    assert claims.claim_due("interactive") is None
