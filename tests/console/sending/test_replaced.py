"""What failed, was mended and sent again stays failed, says what took its place, and asks nobody any more."""

from __future__ import annotations

import pytest
from django.utils import timezone

from partnerportal.accounts.models import Staff
from partnerportal.delivery import batches, deciding, needs
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.pushing import left_over
from partnerportal.delivery.services import NotPossible, request_push
from partnerportal.jobs.models import Job
from partnerportal.records.models import Enterprise, Patient
from tests.console.cast import signed_in
from tests.console.sending import scene

REFUSED = {
    "cause_key": "validation:zip",
    "reason": "validation",
    "detail": {"errors": {"zip": ["is invalid"]}},
}


@pytest.fixture
def failed(north: Enterprise) -> Delivery:
    """One delivery that failed, alone in a batch that ended."""
    batch = scene.batch(north, 1)
    patient = scene.patient(north, 1, zip="01013")
    made = scene.delivery(patient, "failed", batch=batch, needs_person_since=timezone.now(), **REFUSED)
    batches.finish_batches()
    return made


@pytest.fixture
def replaced(failed: Delivery) -> Delivery:
    request_push(scene.context(), Patient.objects.get(pk=failed.record_id))
    failed.refresh_from_db()
    return failed


def get(staff: Staff, path: str) -> str:
    answer = signed_in(staff).get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_stays_failed_and_names_what_took_its_place(operator: Staff, replaced: Delivery) -> None:
    newer = Delivery.objects.latest("pk")
    assert (replaced.state, replaced.needs_person_since) == ("failed", None)
    shown = get(operator, f"/sending/deliveries/{replaced.pk}/")
    assert "Failed, replaced" in shown and f'href="/{newer.short_id}"' in shown
    assert "Send again" not in shown and "Fix P-" not in shown


def test_page_list_and_counts_of_its_batch_agree(operator: Staff, replaced: Delivery) -> None:
    job = Job.objects.get(pk=replaced.batch_id)
    assert batches.progress(job).counts == {"failed": 1} == job.report["counts"]
    page, listed = get(operator, f"/sending/batches/{job.pk}/"), get(operator, "/sending/batches/")
    assert "Done, 1 failed" in page and "Done, 1 failed" in listed
    assert "Sent again since" in page and "again…" not in page


def test_nobody_is_asked_of_it_any_more(operator: Staff, replaced: Delivery) -> None:
    assert not needs.needing(operator).exists()
    assert list(left_over([Job.objects.get(pk=replaced.batch_id)])) == []
    assert not Delivery.objects.failed_still().exists()
    with pytest.raises(NotPossible, match="took its place"):
        deciding.send_again(scene.context(), replaced)
    with pytest.raises(NotPossible, match="took its place"):
        deciding.cancel(scene.context(), replaced)


def test_sending_the_same_delivery_again_counts_its_batch_anew(operator: Staff, failed: Delivery) -> None:
    deciding.send_again(scene.context(), failed)
    assert "counts" not in Job.objects.get(pk=failed.batch_id).report
    assert "failed" not in get(operator, "/sending/batches/").partition("<tbody>")[2]


def test_a_push_of_one_leads_back_to_it(operator: Staff, north: Enterprise) -> None:
    batch, patient = scene.batch(north, 1), scene.patient(north, 1, remote_id=7)
    scene.delivery(patient, "delivered", batch=batch)
    shown = get(operator, f"/sending/batches/{batch.pk}/")
    assert f"Open {patient.short_id}" in shown and "Assign a balance" in shown
    assert f'<a href="/{patient.short_id}">Family001, Given1</a>' in shown
