"""What people do, at random, to the accounts of a few patients: the services and pages they would press.

Each act is one person's; what is refused in words counts as done. Used by the test of people racing workers.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.test import Client
from django.utils import timezone

from partnerportal.accounts import keys
from partnerportal.accounts.gateway import NoKey, service_key
from partnerportal.accounts.models import ApiKey, Staff
from partnerportal.audit.context import Context
from partnerportal.delivery import brakes, comparing, deciding, holding, pausing
from partnerportal.delivery.batches import cancel_batch
from partnerportal.delivery.deleting import delete_invoice, delete_line
from partnerportal.delivery.models import Brake, Delivery
from partnerportal.delivery.plans import PlanChanged, PlanLapsed, confirm_plan, make_plan
from partnerportal.delivery.services import NotPossible, NotValid, request_push, request_reading
from partnerportal.records import joining
from partnerportal.records.account import NotAllowed
from partnerportal.records.billing import (
    Charge,
    Taken,
    Visit,
    add_line,
    change_invoice,
    change_line,
    enter_visit,
)
from partnerportal.records.models import (
    RECORDS,
    Invoice,
    InvoicePayment,
    LineItem,
    Patient,
    Payment,
    WriteOffCode,
)
from partnerportal.records.paying import apply_to, change_applied, take_back, take_payment, write_off
from partnerportal.records.recording import OLDEST, Receipt, record_payment
from partnerportal.webhooks import rotation
from tests.sandbox_process import KEY

SIGN_IN = "allauth.account.auth_backends.AuthenticationBackend"
DAY = date(2026, 11, 2)
MOST_INVOICES = 4
REFUSALS = (NotPossible, NotValid, NotAllowed, PlanChanged, PlanLapsed, NoKey, joining.CantJoin)
MONEY = ("invoice", "payment", "line_item", "invoice_payment", "payment_adjustment", "write_off")
SENDABLE = ("patient", *MONEY)


@dataclass
class Person:
    """One who acts, with a session of their own. `counts`: acts by name, and how they ended."""

    staff: Staff
    chance: random.Random
    browser: Client = field(default_factory=Client)
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.browser.force_login(self.staff, backend=SIGN_IN)
        self.context = Context(actor=f"user:{self.staff.username}", origin="console")

    def act(self) -> None:
        """One act. Raises whatever is neither a refusal nor a record that is gone."""
        name, act = self.chance.choice(list(ACTS.items()))
        try:
            act(self)
        except REFUSALS:
            self.counts["refused"] += 1
        except ObjectDoesNotExist:
            self.counts["gone"] += 1
        else:
            self.counts[name] += 1

    def one(self, rows: Any) -> Any:
        """One of them at random. Raises the model's DoesNotExist where there is none."""
        found = list(rows.values_list("pk", flat=True))
        if not found:
            raise rows.model.DoesNotExist
        return rows.get(pk=self.chance.choice(found))

    def patient(self) -> Patient:
        found: Patient = self.one(Patient.objects.filter(removed=False, remote_id__isnull=False))
        return found

    def record(self, *nouns: str) -> Any:
        return self.one(RECORDS[self.chance.choice(nouns)].objects.all())

    def push(self, row: Any) -> None:
        """Save, or save and push: as people do."""
        if row is not None and self.chance.random() < 0.8:
            request_push(self.context, row)

    def press(self, path: str, **data: Any) -> None:
        answer = self.browser.post(path, data)
        assert answer.status_code < 500, f"{path}: {answer.status_code}"


def _edit(me: Person) -> None:
    with transaction.atomic():
        row: Any = holding.held(me.patient())
        row.city = me.chance.choice(("Boston", "Chicopee", "Springfield"))
        row.version += 1
        row.save()
    me.push(row)


def _visit(me: Person) -> None:
    patient = me.patient()
    if patient.invoices.filter(deleted=False).count() >= MOST_INVOICES:
        _no_invoice(me)
        return
    lines = (Charge("Office visit", 10_000, covered=1_000), Charge("Test strip", 250, quantity=2))
    taken = [Taken(2_000, "cash")] if me.chance.random() < 0.3 else []
    practice = patient.enterprise.practices.order_by("pk")[0]
    made = enter_visit(patient, Visit(practice, DAY, lines, taken=taken))
    me.push(made.invoice)
    for payment in made.payments:
        me.push(payment)


def _change_invoice(me: Person) -> None:
    invoice = me.one(Invoice.objects.filter(deleted=False))
    me.push(change_invoice(invoice, notes=f"Note {me.chance.randrange(100)}"))


def _line(me: Person) -> None:
    me.push(add_line(me.one(Invoice.objects.filter(deleted=False)), Charge("X-ray", 7_500)))


def _change_line(me: Person) -> None:
    line = me.one(LineItem.objects.filter(deleted=False))
    me.push(change_line(line, Charge("Office visit", me.chance.randrange(8_000, 9_000))))


def _no_line(me: Person) -> None:
    delete_line(me.context, me.one(LineItem.objects.filter(deleted=False)))


def _no_invoice(me: Person) -> None:
    delete_invoice(me.context, me.one(Invoice.objects.filter(deleted=False)))


def _payment(me: Person) -> None:
    me.push(take_payment(me.patient(), Taken(4_000, "cash")))


def _record_payment(me: Person) -> None:
    made = record_payment(me.patient(), Receipt(Taken(1_500, "check"), how=OLDEST))
    for row in (made.payment, *made.payment.applications.order_by("pk")):
        me.push(row)


def _apply(me: Person) -> None:
    payment = me.one(Payment.objects.filter(voided=False))
    invoice = me.one(Invoice.objects.filter(patient=payment.patient_id, deleted=False))
    me.push(apply_to(payment, invoice, me.chance.choice((500, 1_000))))


def _unapply(me: Person) -> None:
    part = me.one(InvoicePayment.objects.filter(deleted=False, remote_id__isnull=False))
    me.push(change_applied(part, me.chance.choice((0, 100))))


def _refund(me: Person) -> None:
    payment = me.one(Payment.objects.filter(remote_id__isnull=False))
    me.push(take_back(payment, 500, void=False))


def _void(me: Person) -> None:
    payment = me.one(Payment.objects.filter(remote_id__isnull=False))
    me.push(take_back(payment, payment.amount_cents, void=True))


def _write_off(me: Person) -> None:
    patient = me.patient()
    code = WriteOffCode.objects.get(enterprise=patient.enterprise_id)
    me.push(write_off(patient, code, me.chance.randrange(100, 900), DAY))


def _push(me: Person) -> None:
    request_push(me.context, me.record(*SENDABLE))


def _press(*what: tuple[str, str]) -> Callable[[Person], None]:
    """Press a button of a record's page: (noun, the act's name in its address)."""

    def act(me: Person) -> None:
        noun, name = me.chance.choice(what)
        me.press(f"/records/{noun}/{me.record(noun).pk}/{name}/")

    return act


def _newcomer(me: Person) -> None:
    """A patient who is here twice: joined or deleted by the others."""
    like = me.patient()
    row = Patient(
        enterprise=like.enterprise, practice=like.practice, first_name="Twice",
        last_name=f"Here{time.time_ns()}", date_of_birth=DAY, health_record_id=str(time.time_ns()), sex="F",
    )  # fmt: skip
    row.save()
    me.push(row)


def _nobody_paid() -> Any:
    return Patient.objects.filter(removed=False, first_name="Twice")


def _delete(me: Person) -> None:
    me.press(f"/records/patient/{me.one(_nobody_paid()).pk}/delete/")


def _remove(me: Person) -> None:
    me.press(f"/records/patient/{me.one(_nobody_paid()).pk}/remove/")


def _join(me: Person) -> None:
    one, other = me.one(_nobody_paid()), me.one(_nobody_paid())
    versions = {one.pk: one.version, other.pk: other.version}
    with transaction.atomic():
        _, gone = joining.join(me.context, one.pk, other.pk, ["city"], versions)
        if gone.remote_id is not None:
            request_push(me.context, gone)


def _cancel(me: Person) -> None:
    deciding.cancel(me.context, me.one(Delivery.objects.filter(state__in=Delivery.UNSENT)))


def _again(me: Person) -> None:
    states = ("failed", *Delivery.UNSENT)
    deciding.send_again(me.context, me.one(Delivery.objects.filter(state__in=states)))


def _batch(me: Person) -> None:
    noun = me.chance.choice(SENDABLE)
    plan = make_plan(me.staff, noun, RECORDS[noun].objects.all())
    if not plan.items.filter(act__in=("create", "update")).exists():
        return
    job = confirm_plan(plan, me.context)
    after = me.chance.random()
    if after < 0.3:
        pausing.pause(me.context, job)
        pausing.resume(me.context, job)
    elif after < 0.6:
        cancel_batch(me.context, job)


def _compare(me: Person) -> None:
    if me.chance.random() < 0.2:
        comparing.compare_all(me.staff, me.context)
    else:
        request_reading(me.context, me.patient(), Delivery.Kind.COMPARE, lane="interactive")


def _stop(me: Person) -> None:
    brake = brakes.stop(me.context, "a moment of peace")
    time.sleep(0.05)
    brakes.release(me.context, brake)
    for other in Brake.objects.filter(released_at=None, created_at__lt=timezone.now() - timedelta(seconds=1)):
        brakes.release(me.context, other)


def _change_key(me: Person) -> None:
    old = service_key()
    if old is None or me.chance.random() < 0.5:
        return
    new = keys.candidate(KEY, old.scheme, None)
    new.state, new.tested_at = ApiKey.State.WORKING, timezone.now()
    rotation.replace(old, new, me.context)


ACTS: dict[str, Callable[[Person], None]] = {
    "edit": _edit, "visit": _visit, "change invoice": _change_invoice, "line": _line,
    "change line": _change_line, "delete line": _no_line, "delete invoice": _no_invoice,
    "payment": _payment, "record payment": _record_payment, "apply": _apply, "unapply": _unapply,
    "refund": _refund, "void": _void, "write off": _write_off, "push": _push, "hurry": _push,
    "drop": _press(("invoice_payment", "drop"), ("payment_adjustment", "drop"), ("payment", "delete")),
    "undo": _press(*((noun, "undo") for noun in ("patient", "invoice", "payment"))),
    "newcomer": _newcomer, "delete": _delete, "remove": _remove, "join": _join, "cancel": _cancel,
    "again": _again, "batch": _batch, "compare": _compare, "stop": _stop, "change key": _change_key,
}  # fmt: skip


def unsent() -> list[Any]:
    """Records that are not as they are at Inbox Health, parents before their children."""
    rows = [row for noun in RECORDS for row in RECORDS[noun].objects.order_by("pk")]
    return [row for row in rows if row.sync_state in ("not_sent", "changed_here")]
