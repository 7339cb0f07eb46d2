"""Readings: what was sent to a patient, and many balances as one job that ends by itself."""

from __future__ import annotations

from partnerportal.delivery import comparing
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.services import request_reading
from partnerportal.jobs.models import Job
from partnerportal.records.billing import Charge
from partnerportal.records.models import Notification
from tests.cast import Stage
from tests.money.accounts import billed_patient, push, visit

OFFICE = Charge("Office visit", 10_000)


def test_what_was_sent_to_a_patient_is_read_and_kept(stage: Stage) -> None:
    patient = billed_patient(email="ada@example.com")
    invoice = visit(patient, OFFICE, email_to="ada@example.com")
    push(stage, invoice)
    request_reading(stage.context, patient, Delivery.Kind.NOTIFICATIONS, lane="interactive")
    stage.run()
    invoice.refresh_from_db()
    row = Notification.objects.get(patient=patient)
    assert (row.channel, row.invoice_remote_id) == ("email", invoice.remote_id)
    assert row.sent_at is not None
    patient.refresh_from_db()
    assert patient.sync_state == "in_sync"


def test_many_balances_are_compared_as_one_job(stage: Stage) -> None:
    patient = billed_patient()
    push(stage, visit(patient, OFFICE))
    patient.refresh_from_db()
    type(patient).objects.update(balance_read_at=None, balance_there_cents=None, balance_gap_cents=None)
    comparing.compare_all(stage.operator, stage.context)
    stage.run()
    patient.refresh_from_db()
    assert (patient.balance_there_cents, patient.balance_gap_cents) == (10_000, 0)
    job = Job.objects.get(kind=Job.Kind.REFRESH)
    assert (job.state, job.done) == ("done", 1)
