"""Balances that differ, worst first, with the likely cause; all agree, said with the time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from partnerportal.accounts.models import Staff
from partnerportal.delivery import comparing
from partnerportal.delivery.models import Delivery
from partnerportal.jobs.models import Job
from partnerportal.records.models import Enterprise, Patient
from tests.console.cast import signed_in
from tests.console.money.payer import visit
from tests.console.sending.scene import patient, service_key

pytestmark = pytest.mark.django_db


def compared(enterprise: Enterprise, number: int, ours: int, theirs: int, **fields: Any) -> Patient:
    """Read at Inbox Health an hour ago."""
    read = timezone.now() - timedelta(hours=1)
    gap = abs(ours - theirs)
    return patient(
        enterprise, number, remote_id=1000 + number, balance_cents=ours, balance_there_cents=theirs,
        balance_read_at=read, balance_gap_cents=gap, **fields,
    )  # fmt: skip


def test_the_worst_come_first_with_both_figures(operator: Staff, north: Enterprise) -> None:
    compared(north, 1, 9_000, 8_000)
    compared(north, 2, 100, 50_100)
    compared(north, 3, 700, 700)
    page = signed_in(operator).get(reverse("balances")).content.decode()
    assert page.index("Family002") < page.index("Family001")
    assert "−$500.00" in page and "$10.00" in page
    assert "Family003" not in page


def test_what_is_not_sent_yet_is_the_likely_cause(operator: Staff, north: Enterprise) -> None:
    ann = compared(north, 1, 9_000, 0)
    compared(north, 2, 100, 50)
    visit(ann, 9_000)
    Patient.objects.filter(pk=ann.pk).update(balance_gap_cents=9_000, balance_there_cents=0)
    page = signed_in(operator).get(reverse("balances")).content.decode()
    assert "2 things not sent yet." in page  # the invoice and its line
    assert "Something was changed at Inbox Health." in page


def test_when_all_agree_it_says_how_many_and_when(operator: Staff, north: Enterprise) -> None:
    compared(north, 1, 9_000, 9_000)
    compared(north, 2, 0, 0)
    patient(north, 3, remote_id=1003)
    page = signed_in(operator).get(reverse("balances")).content.decode()
    assert "All 2 agree. Compared" in page
    assert "1 patient at Inbox Health was not compared yet." in page


def test_nothing_compared_yet_is_not_all_well(operator: Staff) -> None:
    page = signed_in(operator).get(reverse("balances")).content.decode()
    assert "Nothing compared yet" in page
    assert "agree" not in page


def test_only_ones_own_scope(outsider: Staff, north: Enterprise, south: Enterprise) -> None:
    compared(north, 1, 9_000, 8_000)
    outsider.scope.create(enterprise=south)
    assert "Family001" not in signed_in(outsider).get(reverse("balances")).content.decode()


def test_comparing_all_asks_for_one_reading_a_patient(
    operator: Staff, north: Enterprise, ed: Patient
) -> None:
    service_key()
    people = [compared(north, number, 0, 0) for number in range(3)]
    asks = signed_in(operator).get(reverse("compare")).content.decode()
    assert "3 patients are read at Inbox Health" in asks
    answer = signed_in(operator).post(reverse("compare"))
    job = Job.objects.get()
    assert answer["Location"] == reverse("comparison", args=[job.pk])
    asked = Delivery.objects.filter(batch=job)
    assert set(asked.values_list("record_id", "kind", "lane")) == {
        (p.pk, "compare", "background") for p in people
    }
    assert "0 of 3 read" in signed_in(operator).get(answer["Location"]).content.decode()


def test_queueing_goes_on_where_it_was_cut_short(
    operator: Staff, north: Enterprise, monkeypatch: pytest.MonkeyPatch
) -> None:
    service_key()
    monkeypatch.setattr(comparing, "CHUNK", 2)
    for number in range(5):
        compared(north, number, 0, 0)
    monkeypatch.setattr(comparing.enqueue, "__kwdefaults__", {"chunks": 1})
    signed_in(operator).post(reverse("compare"))
    assert Delivery.objects.count() == 2
    comparing.finish()
    assert Job.objects.get().state == "running"
    comparing.resume()
    comparing.resume()
    assert Delivery.objects.count() == 5


def test_it_ends_when_all_is_read_and_says_what_differs(operator: Staff, north: Enterprise) -> None:
    service_key()
    compared(north, 1, 0, 0)
    compared(north, 2, 100, 50)
    signed_in(operator).post(reverse("compare"))
    Delivery.objects.update(state="delivered", settled_at=timezone.now())
    comparing.finish()
    job = Job.objects.get()
    assert (job.state, job.done) == ("done", 2)
    page = signed_in(operator).get(reverse("comparison", args=[job.pk])).content.decode()
    assert "1 balance of them differs." in page


def test_it_can_be_stopped(operator: Staff, north: Enterprise) -> None:
    service_key()
    compared(north, 1, 0, 0)
    signed_in(operator).post(reverse("compare"))
    job = Job.objects.get()
    signed_in(operator).post(reverse("comparison_stop", args=[job.pk]))
    job.refresh_from_db()
    assert job.state == "cancelled"
    assert Delivery.objects.get().state == "cancelled"


def test_another_persons_comparison_is_not_found_in_a_smaller_scope(
    operator: Staff, outsider: Staff, north: Enterprise
) -> None:
    service_key()
    compared(north, 1, 0, 0)
    signed_in(operator).post(reverse("compare"))
    assert signed_in(outsider).get(reverse("comparison", args=[Job.objects.get().pk])).status_code == 404
