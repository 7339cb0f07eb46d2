"""A plan freezes bodies, not only versions; confirming sends exactly them, five first where asked."""

from __future__ import annotations

import pytest

from partnerportal.accounts.models import Staff
from partnerportal.audit.context import Context
from partnerportal.delivery import batches, pausing
from partnerportal.delivery.models import Delivery, Plan, PlanItem
from partnerportal.delivery.plans import PlanChanged, confirm_plan, make_plan
from partnerportal.jobs.models import Job, Notice
from partnerportal.records.models import Enterprise, Patient
from tests.cast import Stage, make_enterprise, make_key, make_patient

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def context(operator: Staff) -> Context:
    make_key()
    return Context(actor="user:ola", origin="console")


def planned(staff: Staff) -> Plan:
    return make_plan(staff, "patient", Patient.objects.all())


def why(plan: Plan, context: Context) -> dict[int, str]:
    with pytest.raises(PlanChanged) as error:
        confirm_plan(plan, context)
    assert not Delivery.objects.exists()
    return {pk: said for (_, pk), said in error.value.why.items()}


def test_an_edit_a_deletion_and_a_send_are_told_apart(operator: Staff, context: Context) -> None:
    edited, sent, gone = (make_patient(make_enterprise(f"E{n}")) for n in range(3))
    plan = planned(operator)
    edited.version += 1
    edited.save()
    sent.remote_id = 669
    sent.save()
    gone_pk = gone.pk
    gone.delete()
    assert why(plan, context) == {edited.pk: "edited", sent.pk: "sent meanwhile", gone_pk: "deleted"}


def test_a_body_that_changed_without_an_edit_is_not_sent_unseen(operator: Staff, context: Context) -> None:
    """The enterprise allows SSNs after the preview: the patient's row is the same, what is sent is not."""
    patient = make_patient(make_enterprise(), ssn="801-31-3292")
    plan = planned(operator)
    Enterprise.objects.update(allow_ssn=True)
    assert why(plan, context) == {patient.pk: "something else would be sent"}


def test_what_is_unchanged_confirms(operator: Staff, context: Context) -> None:
    make_patient(make_enterprise(allow_ssn=True), ssn="801-31-3292")
    job = confirm_plan(planned(operator), context)
    assert Delivery.objects.filter(batch=job).count() == 1


def test_a_plan_says_whose_statements_it_starts(operator: Staff) -> None:
    enterprise = make_enterprise()
    for status in ("complete", "billable", "excluded", "scheduled"):
        make_patient(enterprise, billing_status=status)
    assert planned(operator).facts["statements"] == 2


def test_digests_are_kept_for_what_is_sent_only_and_tell_nothing(operator: Staff) -> None:
    make_patient(make_enterprise())
    make_patient(make_enterprise(), zip="bad")
    digests = dict(PlanItem.objects.filter(plan=planned(operator)).values_list("act", "digest"))
    assert len(digests["create"]) == 64 and digests["not_valid"] == ""


def test_five_first_then_the_rest_when_a_person_says_so(stage: Stage) -> None:
    enterprise = make_enterprise()
    for _ in range(8):
        make_patient(enterprise)
    job = confirm_plan(planned(stage.operator), stage.context, first=5)
    stage.run(until=lambda: Job.objects.get(pk=job.pk).state == Job.State.PAUSED)
    job.refresh_from_db()
    assert len(stage.there()) == 5
    assert job.report["pause"]["why"] == "first"
    assert batches.progress(job).held == 3
    stage.run()
    assert len(stage.there()) == 5, "the rest waits for a word"
    told = Notice.objects.get(kind="batch_waits")
    assert (told.staff_id, told.sentence) == (
        stage.operator.pk,
        f"Batch {job.short_id}: the first 5 are settled. 3 wait for your word.",
    )
    assert pausing.resume(stage.context, job)
    stage.run(until=lambda: Job.objects.get(pk=job.pk).state == Job.State.DONE)
    assert len(stage.there()) == 8


def test_the_rest_can_be_cancelled_and_stays_here(stage: Stage) -> None:
    enterprise = make_enterprise()
    for _ in range(8):
        make_patient(enterprise)
    job = confirm_plan(planned(stage.operator), stage.context, first=5)
    stage.run(until=lambda: Job.objects.get(pk=job.pk).state == Job.State.PAUSED)
    assert batches.cancel_batch(stage.context, job) == 3
    stage.run()
    job.refresh_from_db()
    now = batches.progress(job)
    assert (now.counts, now.total, now.done) == ({"delivered": 5, "cancelled": 3}, 8, True)
    assert Patient.objects.filter(sync_state="not_sent").count() == 3


def test_five_first_of_four_is_all_of_them(stage: Stage) -> None:
    enterprise = make_enterprise()
    for _ in range(4):
        make_patient(enterprise)
    job = confirm_plan(planned(stage.operator), stage.context, first=5)
    stage.run(until=lambda: Job.objects.get(pk=job.pk).state == Job.State.DONE)
    assert len(stage.there()) == 4
