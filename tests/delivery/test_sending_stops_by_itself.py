"""A storm stops the key, one cause over and over the batch; each says so once, and goes on where it stood."""

from __future__ import annotations

import pytest
from django.core import mail

from partnerportal.accounts.models import ApiKey
from partnerportal.audit.models import Entry
from partnerportal.delivery import batches, brakes, mailing, pausing, storms, watch
from partnerportal.delivery.models import Brake, Delivery
from partnerportal.delivery.plans import confirm_plan, make_plan
from partnerportal.delivery.services import request_push
from partnerportal.jobs import notices
from partnerportal.jobs.models import Job, Notice
from partnerportal.records.models import Enterprise, Patient
from tests.cast import Stage, make_enterprise, make_patient, make_staff

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sent_enterprise(stage: Stage) -> Enterprise:
    """One that is there already, so that only patients are sent."""
    enterprise = make_enterprise()
    request_push(stage.context, enterprise)
    stage.run()
    enterprise.refresh_from_db()
    return enterprise


def batch_of(stage: Stage, number: int, enterprise: Enterprise, **fields: object) -> Job:
    for _ in range(number):
        make_patient(enterprise, **fields)
    return confirm_plan(make_plan(stage.operator, "patient", Patient.objects.all()), stage.context)


def test_twenty_failures_running_stop_the_key_and_one_answer_frees_it(
    stage: Stage, sent_enterprise: Enterprise
) -> None:
    stage.settings.DELIVERY_PROBE_SECONDS = 0.2
    administrator = make_staff("adam", "administrator")
    stage.sandbox.fault(kind="500_before", operation="patients.create", count=1000)
    stage.sandbox.fault(kind="500_before", operation="enterprises.list", count=1)
    job = batch_of(stage, 25, sent_enterprise)
    stage.run(until=lambda: Brake.objects.exists())
    brake = Brake.objects.get()
    assert (brake.scope, brake.target_id, brake.automatic, brake.cause) == (
        "key",
        stage.key.pk,
        True,
        "storm",
    )
    assert Delivery.objects.filter(batch=job, state="pending").count() == 5, "20 were enough"
    told = {n.staff_id: n.sentence for n in Notice.objects.filter(kind="sending_stopped")}
    assert set(told) == {stage.operator.pk, administrator.pk}
    assert "failed 20 times running" in told[stage.operator.pk]
    stage.sandbox.admin("DELETE", "faults")
    stage.sandbox.fault(kind="500_before", operation="enterprises.list", count=1)
    stage.run(until=lambda: not Brake.objects.filter(released_at=None).exists())
    probes = [
        r for r in stage.sandbox.requests() if r["path"].endswith("/enterprises") and r["method"] == "GET"
    ]
    assert len(probes) >= 3, "the matching read, a probe that failed, one that freed"
    stage.run(seconds=60)
    assert len(stage.there()) == 25
    assert Notice.objects.filter(kind="sending_resumed", staff_id=stage.operator.pk).count() == 1
    actions = set(Entry.objects.values_list("action", flat=True))
    assert {"sending_stopped", "sending_resumed"} <= actions


def test_an_answer_in_between_ends_the_row(stage: Stage, sent_enterprise: Enterprise) -> None:
    stage.sandbox.fault(kind="500_before", operation="patients.create", count=19)
    for _ in range(2):
        make_patient(sent_enterprise)
    for patient in Patient.objects.all():
        request_push(stage.context, patient)
    stage.run()
    assert not Brake.objects.exists()


def test_a_person_who_wants_silence_is_not_probed_over(stage: Stage) -> None:
    stage.settings.DELIVERY_PROBE_SECONDS = 0.0
    brakes.stop(stage.context, "The vendor asked us to.")
    brakes.stop(stage.context, "x", Brake.Scope.KEY, stage.key.pk, cause=storms.STORM)
    before = len(stage.sandbox.requests())
    assert storms.probe_due() == 0
    assert len(stage.sandbox.requests()) == before


def test_one_cause_twenty_times_running_pauses_the_batch(stage: Stage, sent_enterprise: Enterprise) -> None:
    stage.sandbox.fault(kind="refuse", attribute="zip", operation="patients.create", count=1000)
    job = batch_of(stage, 25, sent_enterprise)
    stage.run(until=lambda: Job.objects.get(pk=job.pk).state == Job.State.PAUSED)
    job.refresh_from_db()
    assert job.report["pause"]["why"] == "cause"
    assert Delivery.objects.filter(batch=job, state="failed").count() == watch.STREAK
    told = Notice.objects.get(kind="batch_paused", staff_id=stage.operator.pk)
    assert told.sentence.startswith(f"Batch {job.short_id} is paused: 20 times running, Inbox Health refused")
    stage.sandbox.admin("DELETE", "faults")
    assert pausing.resume(stage.context, job)
    stage.run()
    job.refresh_from_db()
    assert (job.state, batches.progress(job).counts) == ("done", {"failed": 20, "delivered": 5})


def test_a_refused_key_is_told_once_and_what_waits_goes_on_with_the_next(
    stage: Stage, sent_enterprise: Enterprise
) -> None:
    administrator = make_staff("adam", "administrator")
    stage.sandbox.fault(kind="refuse_key", operation="patients.create", count=1)
    job = batch_of(stage, 3, sent_enterprise)
    stage.run(until=lambda: ApiKey.objects.get().state == "refused" and Notice.objects.exists())
    for _ in range(2):
        watch.refused_keys()
    told = Notice.objects.filter(kind="key_refused")
    assert {n.staff_id for n in told} == {stage.operator.pk, administrator.pk}
    assert "wait 3 deliveries; nothing is lost" in told[0].sentence
    ApiKey.objects.update(state="working")
    stage.run()
    assert Job.objects.get(pk=job.pk).state == "done" and len(stage.there()) == 3


def test_whoever_started_a_batch_is_told_of_its_end_here_and_by_mail(
    stage: Stage, sent_enterprise: Enterprise
) -> None:
    stage.operator.email = "ola@example.com"
    stage.operator.save()
    stage.sandbox.fault(kind="refuse", attribute="zip", operation="patients.create", count=1)
    job = batch_of(stage, 3, sent_enterprise, last_name="Edison")
    stage.run(until=lambda: Job.objects.get(pk=job.pk).state == Job.State.DONE)
    told = Notice.objects.get(kind="batch_ended")
    assert told.sentence == f"Batch {job.short_id} (Push 3 patients) is done: 2 delivered, 1 failed."
    assert mailing.mail_due() == 1 and mailing.mail_due() == 0
    (message,) = mail.outbox
    assert message.to == ["ola@example.com"] and told.sentence in message.subject
    assert f"/{job.short_id}" in message.body
    assert "Edison" not in message.body + message.subject and "Elm Street" not in message.body
    told.refresh_from_db()
    assert told.mailed_at is not None


def test_a_mail_server_that_is_down_costs_a_try_not_the_mail(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.operator.email = "ola@example.com"
    stage.operator.save()
    notices.tell([stage.operator.pk], "batch_ended", "batch-ended:B-1", "Batch B-1 is done.")

    def refuse(*args: object, **kwargs: object) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as patched:
        patched.setattr(mailing, "send_mail", refuse)
        assert mailing.mail_due() == 0
    Notice.objects.update(mail_next_at="2026-01-01T00:00Z")
    assert mailing.mail_due() == 1


def test_pausing_holds_and_resuming_goes_on(stage: Stage, sent_enterprise: Enterprise) -> None:
    job = batch_of(stage, 3, sent_enterprise)
    assert pausing.pause(stage.context, job) and not pausing.pause(stage.context, job)
    for _ in range(3):
        stage.run(until=lambda: True)
    assert stage.there() == []
    assert pausing.resume(stage.context, job) and not pausing.resume(stage.context, job)
    stage.run()
    assert len(stage.there()) == 3
    actions = list(
        Entry.objects.filter(action__startswith="batch_").order_by("pk").values_list("action", flat=True)
    )
    assert actions == ["batch_started", "batch_paused", "batch_resumed"]


def test_what_was_mended_goes_out_without_another_push(stage: Stage) -> None:
    enterprise = make_enterprise(state="XX")
    patient = make_patient(enterprise)
    request_push(stage.context, patient)
    stage.run(until=lambda: Delivery.objects.filter(reason="not_valid").exists())
    enterprise.refresh_from_db()
    enterprise.state = "MA"
    enterprise.save()
    stage.run()
    assert len(stage.there()) == 1
