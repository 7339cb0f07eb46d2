"""A patient of North Clinic with visits, and the pages of their payments as a client meets them."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.test import Client
from django.urls import reverse

from partnerportal.records.billing import Charge, Visit, assign_balance
from partnerportal.records.models import Enterprise, Invoice, Patient, Payment, Practice
from partnerportal.records.paying import Taken, apply_to, take_payment
from tests.console.sending.scene import service_key

DAY = date(2026, 11, 2)


def visit(patient: Patient, cents: int, *, insurance: int = 0, day: date = DAY) -> Invoice:
    practice, _ = Practice.objects.get_or_create(
        enterprise=patient.enterprise, name="Main office", city="Chicopee", state="MA", zip="01013"
    )
    line = Charge("Office visit", cents, insurance_owed=insurance)
    return assign_balance(patient, Visit(practice=practice, date_of_service=day, lines=[line]))


def payment(
    patient: Patient, cents: int, invoice: Invoice | None = None, *, sent: int | None = None
) -> Payment:
    """Taken by check, applied to the invoice if one is given, at Inbox Health if `sent` is its id there."""
    made = take_payment(patient, Taken(cents, "check"))
    if invoice is not None:
        apply_to(made, invoice, cents)
    if sent:
        Payment.objects.filter(pk=made.pk).update(remote_id=sent)
        made.applications.update(remote_id=sent + 1)
    made.refresh_from_db()
    return made


def entered(client: Client, patient: Patient, **fields: Any) -> dict[str, Any]:
    """What the form sends: its own first values with these."""
    page = client.get(reverse("record_payment", args=[patient.pk])).content.decode()
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key is not None
    first = {"key": key[1], "method": "check", "amount": "60", "how": "oldest", "paid_on": "11/20/2026"}
    return {**first, **fields}


def owes(patient: Patient) -> int:
    patient.refresh_from_db()
    return patient.balance_cents


def with_key(enterprise: Enterprise) -> None:
    """A key to send with, so that pushes are queued."""
    service_key()
