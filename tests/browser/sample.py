"""One of everything that a page can show; each row under the name that the tables of addresses use."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from partnerportal.accounts import welcome
from partnerportal.accounts.models import ApiKey, Staff
from partnerportal.audit.context import Context
from partnerportal.delivery import asides, billing, brakes, plans, surplus
from partnerportal.delivery.models import Brake, Delivery
from partnerportal.explorer.models import Draft, Trial
from partnerportal.jobs import notices
from partnerportal.jobs.models import Job, Notice
from partnerportal.records import apply, matching, merging
from partnerportal.records.billing import Charge, Visit, assign_balance
from partnerportal.records.exports import services as exports
from partnerportal.records.models import (
    AccountType,
    Difference,
    Doctor,
    Endpoint,
    Enterprise,
    Import,
    InvoicePayment,
    Patient,
    Payment,
    PaymentAdjustment,
    PaymentReason,
    Practice,
    Sighting,
    Surplus,
    WriteOff,
    WriteOffCode,
)
from partnerportal.sync import services as pulls
from partnerportal.sync.models import Posting, PullPart, ReceivedPayment
from partnerportal.webhooks.models import Event
from tests.cast import make_key, make_patient
from tests.console.cast import person, signed_in
from tests.console.sending import scene
from tests.webhooks.late import late_event

DAY = date(2026, 11, 2)
BEFORE, AFTER = "2026-11-24T10:00:00.000Z", "2026-11-24T10:00:05.000Z"
ROWS = (
    "MRN,First,Last,DOB,ZIP\n1,Ann,Lee,1990-01-02,01013\n2,Bo,Ray,1987-13-02,1013\n3,Ed,Edison,1987-10-07,\n"
)
EVENT = '{"event_type": "patient_updated", "event_data": {"object": {"id": 104, "city": "Salem"}}}'


def demo_person() -> Staff:
    """As the demo's: operator and administrator, with the grant to write through Try It."""
    staff = person("demo", "operator", "administrator", "auditor")
    staff.user_permissions.add(Permission.objects.get(codename="try_it_writes"))
    return staff


def make_sample(staff: Staff) -> SimpleNamespace:
    """The rows, and `context` of the person."""
    found = SimpleNamespace(staff=staff, context=Context(f"user:{staff.username}", "console"))
    found.key, found.own = make_key(), make_key("own-key-of-demo", owner=staff, is_service=False)
    found.member = person("olivia", "operator", everywhere=False)
    for part in (_records, _money, _sending, _what_is_there, _files, _hooks, _rest):
        part(found)
    return found


def there(row: Any, number: int, **answered: Any) -> Any:
    """At Inbox Health as it is here."""
    sent = row.wire.create_payload(row)
    apply.accept(row, sent, {**sent, **answered, "id": number, "updated_at": BEFORE}, created=True)
    return row


def _records(found: SimpleNamespace) -> None:
    address = {"address_line_1": "1 Elm St", "city": "Chicopee", "state": "MA", "zip": "01013"}
    enterprise = there(Enterprise.objects.create(name="Elm Street Family Medicine", **address), 101)
    found.enterprise = enterprise
    found.practice = there(Practice.objects.create(enterprise=enterprise, name="Main office", **address), 102)
    found.doctor = there(
        Doctor.objects.create(enterprise=enterprise, first_name="Helen", last_name="Okafor"), 103
    )
    found.member.scope.create(enterprise=enterprise)
    found.patient = there(
        _patient(found, first_name="Ada", last_name="Byron", ssn="801-31-3292", email="ada@example.com"), 104
    )
    found.twin = _patient(found, first_name="Ada", last_name="Byron")
    found.unsent, found.spare = _patient(found, zip=""), _patient(found)
    found.unsent_enterprise = Enterprise.objects.create(name="South Clinic")
    found.unsent_practice = Practice.objects.create(enterprise=enterprise, name="Annex", **address)
    found.unsent_doctor = Doctor.objects.create(enterprise=enterprise, first_name="Sam", last_name="Brandt")


def _patient(found: SimpleNamespace, **fields: Any) -> Patient:
    return make_patient(found.enterprise, practice=found.practice, **fields)


def _money(found: SimpleNamespace) -> None:
    enterprise, patient = found.enterprise, found.patient
    found.reason = PaymentReason.objects.create(enterprise=enterprise, code="CO-3", description="Co-pay")
    found.code = WriteOffCode.objects.create(enterprise=enterprise, code="044", description="Forgiven")
    found.account_type = AccountType.objects.create(enterprise=enterprise, name="Self pay")
    charge = Charge("Office visit", each=10_000, covered=1_000, service_code="99213")
    visit = Visit(practice=found.practice, doctor=found.doctor, lines=[charge], date_of_service=DAY)
    found.invoice = there(assign_balance(patient, visit), 201)
    found.line = there(found.invoice.lines.get(), 202)
    found.payment = there(_paid(patient, 5_000, "check"), 203)
    found.unapplied = _paid(patient, 2_000, "cash")
    found.application = InvoicePayment.objects.create(
        payment=found.payment, invoice=found.invoice, amount_cents=4_000
    )
    found.adjustment = PaymentAdjustment.objects.create(payment=found.payment, amount_cents=500)
    found.write_off = WriteOff.objects.create(
        patient=patient, write_off_code=found.code, date=DAY, amount_cents=300
    )
    posted = _paid(patient, 900, "credit_card_swiped")
    found.posting = Posting.objects.create(
        enterprise=enterprise, actor=found.context.actor, number=1, total_cents=900
    )
    for payment, posting in ((posted, found.posting), (found.unapplied, None)):
        ReceivedPayment.objects.create(payment=payment, enterprise=enterprise, day=DAY, posting=posting)
    Patient.objects.filter(pk=patient.pk).update(
        balance_cents=5_000,
        balance_there_cents=4_000,
        balance_gap_cents=1_000,
        balance_read_at=timezone.now(),
    )


def _paid(patient: Patient, cents: int, method: str) -> Payment:
    return Payment.objects.create(patient=patient, amount_cents=cents, method=method, paid_on=DAY)


def _sending(found: SimpleNamespace) -> None:
    since = timezone.now() - timedelta(minutes=5)
    found.batch = scene.batch(found.enterprise, 3, staff_id=found.staff.pk)
    failed = {"reason": "validation", "cause_key": "validation:zip", "needs_person_since": since}
    detail = {"errors": {"zip": ["is invalid"]}}
    found.delivery = scene.delivery(found.twin, "failed", **failed, detail=detail, batch=found.batch)
    found.attempt = scene.attempt(found.delivery, "rejected", "validation")
    found.exchange = SimpleNamespace(pk=found.attempt.exchange)
    found.ended = make_key("ended-key", is_service=False)
    ApiKey.objects.filter(pk=found.ended.pk).update(state="revoked", revoked_at=since)
    scene.delivery(_patient(found), "pending", key=found.ended)
    found.cancellable = scene.delivery(found.unsent, "pending", batch=found.batch, lane="bulk")
    found.undecided = scene.undecided(_patient(found), {"id": 669, "differs": ["zip"]})
    scene.delivery(_patient(found), "blocked", reason="not_valid", needs_person_since=since)
    put_away = scene.delivery(_patient(found), "failed", **failed)
    asides.set_aside(found.context, Delivery.objects.filter(pk=put_away.pk), "asked the practice")
    found.plan = plans.make_plan(found.staff, "patient", Patient.objects.filter(enterprise=found.enterprise))
    found.billing = billing.freeze(
        found.staff, Patient.objects.filter(pk=found.patient.pk), "Billing of 1 patient"
    )
    found.comparison = Job.objects.create(
        kind=Job.Kind.REFRESH, label="Compare 1 balance", actor=found.context.actor,
        staff_id=found.staff.pk, total=1, report={"queued": 1},
    )  # fmt: skip
    found.brake = brakes.stop(
        found.context, "The practice asked for it", Brake.Scope.ENTERPRISE, found.enterprise.pk
    )


def _what_is_there(found: SimpleNamespace) -> None:
    torn = there(_patient(found, city="Chicopee"), 301)
    torn.city = "Boston"
    torn.save()
    merging.take(torn, {**(torn.remote or {}), "city": "Springfield", "updated_at": AFTER})
    found.torn = torn
    found.missing = there(_patient(found), 302)
    found.missing.missing_since = timezone.now()
    found.missing.save()
    Difference.objects.create(
        noun="patient", record_id=found.patient.pk, enterprise_id=found.enterprise.pk, attributes=["city"]
    )
    pulls.request_pull(found.context, full=True)
    found.pull = Job.objects.filter(kind=Job.Kind.PULL).get()
    PullPart.objects.filter(noun="patient").update(unread=[{"page": 37, "reason": "http_500"}])
    record = {"id": 401, "first_name": "Gus", "last_name": "Petrakis", "date_of_birth": "1952-12-01"}
    matching.sight("patient", [record], found.enterprise.pk)
    matching.sight("enterprise", [{"id": 402, "name": "Harbor Point", "city": "New Haven"}], None)
    found.only_there = Sighting.objects.get(noun="patient", remote_id=401)
    found.adoptable = SimpleNamespace(pk=402)
    second = {**found.patient.wire.create_payload(found.patient), "id": 403, "city": "Springfield"}
    surplus.ask(found.patient, second, found.context)
    found.surplus = Surplus.objects.get()


def _files(found: SimpleNamespace) -> None:
    client, file = signed_in(found.staff), SimpleUploadedFile("rows.csv", ROWS.encode(), "text/csv")
    client.post("/files/import/", {"kind": "patients", "enterprise": found.enterprise.pk, "file": file})
    found.job = Import.objects.get()
    client.post("/files/import/", {
        "kind": "patients", "enterprise": found.enterprise.pk,
        "file": SimpleUploadedFile("done.csv", b"MRN,First,Last\n77,Iris,Moreau\n", "text/csv"),
    })  # fmt: skip
    found.done = Import.objects.exclude(pk=found.job.pk).get()
    client.post(f"/files/jobs/{found.done.pk}/confirm/")
    wanted = exports.Wanted("patient", "patients", "rows", "csv", True, {"query": {}}, 1)
    found.export = exports.begin(found.context, found.staff.pk, wanted)


def _hooks(found: SimpleNamespace) -> None:
    found.endpoint = there(Endpoint.objects.create(registered_webhooks=["patient_updated"]), 501)
    Endpoint.objects.filter(pk=found.endpoint.pk).update(
        suspect_since=timezone.now(), suspect_reason="silent"
    )
    hour_ago = timezone.now() - timedelta(hours=1)
    late_event(found.endpoint, hour_ago, hour_ago + timedelta(minutes=15))
    late_event(found.endpoint, hour_ago)
    values = {
        "endpoint": found.endpoint,
        "event_type": "patient_updated",
        "body": EVENT,
        "signed_by": "3f9a00c2",
    }
    found.event = Event.objects.create(
        **values, event_key="1", state="applied", noun="patient", object_id=104,
        record_id=found.patient.pk, patient_id=found.patient.pk, enterprise_id=found.enterprise.pk,
        changes={"city": {"was": "Chicopee", "now": "Salem"}}, settled_at=timezone.now(),
    )  # fmt: skip
    Event.objects.create(
        **values, event_key="2", state="failed", reason="no_id", needs_person_since=timezone.now()
    )


def _rest(found: SimpleNamespace) -> None:
    found.trial = Trial.objects.create(
        token=uuid.uuid4(), staff=found.staff, operation="patients.create", exchange=found.attempt.exchange,
        budget=99.0,
    )  # fmt: skip
    body = '{"patient": {"enterprise_id": 101, "first_name": "Ada", "last_name": "Byron"}}'
    found.draft = Draft.keep(found.staff, "patients.create", {"body": body})
    notices.tell([found.staff.pk], "batch_ended", "batch-ended:B-1", "Batch B-1 is done.", path="/needs/")
    invited = Staff.objects.create(username="ines", invited_at=timezone.now())
    found.invited = invited
    found.token = SimpleNamespace(pk=welcome.link(invited).rstrip("/").rpartition("/")[2])
    found.notice = Notice.objects.get()
