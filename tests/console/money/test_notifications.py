"""What Inbox Health sent to a patient, as last read there; a page asks for reading and never does it."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from partnerportal.accounts.models import Staff
from partnerportal.delivery.models import Delivery
from partnerportal.records import notifying
from partnerportal.records.models import Notification, Patient
from tests.console.cast import signed_in
from tests.console.sending.scene import delivery, service_key

pytestmark = pytest.mark.django_db


def listed(number: int, **fields: Any) -> dict[str, Any]:
    at = "2026-11-20T14:31:07.000Z"
    return {"id": number, "notification_type": "email", "status": "sent", "created_at": at, **fields}


def test_type_channel_and_time_stand_there(operator: Staff, ed: Patient) -> None:
    Patient.objects.filter(pk=ed.pk).update(remote_id=669)
    delivery(ed, "delivered", kind="notifications")
    notifying.keep(ed, [listed(1), listed(2, notification_type="paper_statement", invoice_id=5)])
    page = signed_in(operator).get(reverse("notifications", args=[ed.pk])).content.decode()
    for text in ("E-mail", "Letter", "Paper statement", "IH 5", "Nov 20"):
        assert text in page


def test_reading_twice_keeps_each_once(ed: Patient) -> None:
    notifying.keep(ed, [listed(1)])
    notifying.keep(ed, [listed(1, status="opened")])
    assert [(row.remote_id, row.status) for row in Notification.objects.all()] == [(1, "opened")]


def test_what_is_not_understood_is_kept_whole(ed: Patient) -> None:
    notifying.keep(ed, [{"id": 3, "something": "else"}])
    row = Notification.objects.get()
    assert (row.kind, row.channel, row.sent_at) == ("", "", None)
    assert row.remote["something"] == "else"


def test_read_now_asks_the_outbox(operator: Staff, ed: Patient) -> None:
    service_key()
    Patient.objects.filter(pk=ed.pk).update(remote_id=669)
    signed_in(operator).post(reverse("notifications_read", args=[ed.pk]))
    asked = Delivery.objects.get()
    assert (asked.kind, asked.lane, asked.record_id) == ("notifications", "interactive", ed.pk)
    assert (
        "Being read at Inbox Health."
        in signed_in(operator).get(reverse("notifications", args=[ed.pk])).content.decode()
    )


def test_each_emptiness_says_what_it_is(operator: Staff, ed: Patient) -> None:
    address = reverse("notifications", args=[ed.pk])
    client = signed_in(operator)
    assert "Not at Inbox Health yet" in client.get(address).content.decode()
    Patient.objects.filter(pk=ed.pk).update(remote_id=669)
    assert "stand here once they are read" in client.get(address).content.decode()
    ed.refresh_from_db()
    delivery(ed, "delivered", kind="notifications")
    assert "Inbox Health has sent them nothing." in client.get(address).content.decode()


def test_only_in_ones_own_scope(outsider: Staff, ed: Patient) -> None:
    assert signed_in(outsider).get(reverse("notifications", args=[ed.pk])).status_code == 404
    assert signed_in(outsider).post(reverse("notifications_read", args=[ed.pk])).status_code == 404
