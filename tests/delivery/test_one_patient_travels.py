"""One patient from the button's service call to Inbox Health and back, against the real sandbox."""

from __future__ import annotations

import json

from partnerportal.audit.models import Answer, Exchange
from partnerportal.delivery.sentences import delivery_sentence
from partnerportal.delivery.services import request_push
from tests.cast import Stage, make_enterprise, make_patient, make_practice


def test_a_patient_pulls_its_enterprise_along_and_both_arrive_once(stage: Stage) -> None:
    enterprise = make_enterprise()
    practice = make_practice(enterprise)
    patient = make_patient(enterprise, practice=practice)

    request_push(stage.context, patient)
    stage.run()

    patient.refresh_from_db()
    enterprise.refresh_from_db()
    practice.refresh_from_db()
    assert [r["id"] for r in stage.there("enterprises")] == [enterprise.remote_id]
    assert [r["id"] for r in stage.there("practices")] == [practice.remote_id]
    there = stage.there()
    assert [r["id"] for r in there] == [patient.remote_id]
    assert there[0]["practice_id"] == practice.remote_id
    assert (patient.sync_state, enterprise.sync_state, practice.sync_state) == ("in_sync",) * 3


def test_every_request_that_the_sandbox_saw_has_its_exchange_and_answer(stage: Stage) -> None:
    patient = make_patient(make_enterprise())
    request_push(stage.context, patient)
    stage.run()
    seen = stage.sandbox.requests()
    assert len(seen) == Exchange.objects.count() == Answer.objects.count() > 2


def test_several_edits_before_sending_become_one_request(stage: Stage) -> None:
    patient = make_patient(make_enterprise())
    first = request_push(stage.context, patient)
    patient.city = "Boston"
    patient.save()
    assert request_push(stage.context, patient).pk == first.pk
    stage.run()
    creates = [
        r for r in stage.sandbox.requests() if r["method"] == "POST" and r["path"].endswith("/patients")
    ]
    assert len(creates) == 1
    assert stage.there()[0]["city"] == "Boston"


def test_an_update_sends_only_what_is_dirty(stage: Stage) -> None:
    patient = make_patient(make_enterprise())
    request_push(stage.context, patient)
    stage.run()
    patient.refresh_from_db()
    patient.cell_phone = "203-555-0199"
    patient.save()
    assert (patient.sync_state, patient.dirty) == ("changed_here", ["cell_phone"])
    request_push(stage.context, patient)
    stage.run()
    patient.refresh_from_db()
    put = next(r for r in stage.sandbox.requests() if r["method"] == "PUT")
    sent = {"id": patient.remote_id, "patient": {"cell_phone": "(203) 555-0199"}}
    assert json.loads(put["body"]) == sent
    assert patient.sync_state == "in_sync"


def test_what_inbox_health_refuses_fails_with_its_field_and_goes_out_once_mended(stage: Stage) -> None:
    patient = make_patient(make_enterprise())
    stage.sandbox.fault(
        kind="refuse", operation="patients.create", attribute="zip", message="is invalid", count=1
    )
    delivery = request_push(stage.context, patient)
    stage.run()
    delivery.refresh_from_db()
    patient.refresh_from_db()
    assert (delivery.state, delivery.cause_key, patient.sync_state) == ("failed", "validation:zip", "failed")
    assert delivery_sentence(delivery) == "Inbox Health refused the ZIP."
    patient.zip = "01020"
    patient.save()
    request_push(stage.context, patient)
    stage.run()
    patient.refresh_from_db()
    assert patient.sync_state == "in_sync"
    delivery.refresh_from_db()
    assert (delivery.state, delivery.needs_person_since) == ("failed", None)
