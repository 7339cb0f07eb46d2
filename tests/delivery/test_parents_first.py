"""What hangs below an enterprise waits for it; an enterprise that fails is not sent again for each child."""

from __future__ import annotations

from partnerportal.delivery.models import Delivery
from partnerportal.delivery.plans import confirm_plan, make_plan
from partnerportal.delivery.services import request_push
from partnerportal.records.models import Patient
from tests.cast import Stage, make_enterprise, make_patient, make_practice
from tests.owner import as_owner


def test_ten_patients_of_a_refused_enterprise_cost_one_request_and_go_out_once_it_is_mended(
    stage: Stage,
) -> None:
    enterprise = make_enterprise()
    practice = make_practice(enterprise)
    for _ in range(10):
        make_patient(enterprise, practice=practice)
    stage.sandbox.fault(kind="refuse", operation="enterprises.create", attribute="zip", count=1)
    job = confirm_plan(make_plan(stage.operator, "patient", Patient.objects.all()), stage.context)
    stage.run(until=lambda: Delivery.objects.filter(state="blocked", noun="patient").count() == 10)
    stage.run(until=lambda: Delivery.objects.filter(noun="enterprise", kind="push", state="failed").exists())
    for _ in range(3):
        stage.run(until=lambda: True)
    creates = [r for r in stage.sandbox.requests() if r["method"] == "POST"]
    assert len(creates) == 1
    enterprise.refresh_from_db()
    enterprise.zip = "01020"
    enterprise.save()
    request_push(stage.context, enterprise)
    stage.run(40)
    assert len(stage.there()) == 10
    job.refresh_from_db()
    assert (job.state, job.done) == ("done", 10)


def test_a_record_deleted_before_it_was_queued_does_not_keep_its_batch_open(stage: Stage) -> None:
    enterprise = make_enterprise()
    patients = [make_patient(enterprise) for _ in range(3)]
    plan = make_plan(stage.operator, "patient", Patient.objects.all())
    job = confirm_plan(plan, stage.context)
    as_owner("DELETE FROM delivery_delivery WHERE noun = 'patient'")
    plan.items.update(act="create")
    patients[0].delete()
    stage.run(40)
    job.refresh_from_db()
    assert (job.state, job.total) == ("done", 2)
    assert len(stage.there()) == 2
