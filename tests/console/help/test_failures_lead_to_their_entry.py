"""Each failed delivery, group, event and row has a link to its own entry on the page that shows it."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.urls import reverse

from partnerportal.accounts.models import Staff
from partnerportal.console import catalogue
from partnerportal.delivery.models import Delivery
from partnerportal.kernel.clock import db_now
from partnerportal.records.models import Patient
from partnerportal.webhooks.models import Event
from tests.cast import make_key
from tests.console.cast import signed_in


def entry(slug: str) -> str:
    assert slug in catalogue.BY_SLUG
    return f'href="{reverse("guide_error", args=[slug])}"'


@pytest.fixture
def failed(ed: Patient) -> Delivery:
    return Delivery.objects.create(
        noun="patient", record_id=ed.pk, enterprise=ed.enterprise, key=make_key(), lane="bulk",
        actor="user:olivia", origin="console", state="failed", reason="validation",
        cause_key="validation:zip", needs_person_since=db_now(), settled_at=db_now(),
    )  # fmt: skip


def test_a_failed_delivery(operator: Staff, failed: Delivery) -> None:
    client = signed_in(operator)
    for address in (
        reverse("delivery", args=[failed.pk]),
        reverse("deliveries") + "?tab=failed",
        reverse("needs"),
        reverse("needs_group") + "?kind=failed&noun=patient&cause=validation:zip",
    ):
        assert entry("refused-field") in client.get(address).content.decode(), address


@pytest.mark.parametrize(
    ("state", "reason", "slug"),
    [
        ("blocked", "looks_alike", "looks-alike"),
        ("unknown", "looked_several", "undecided-several"),
        ("waiting", "rate_limited", "asked-for-a-pause"),
        ("failed", "http_418", "refused-for-another-reason"),
    ],
)
def test_a_delivery_in_another_state(
    operator: Staff, failed: Delivery, state: str, reason: str, slug: str
) -> None:
    Delivery.objects.filter(pk=failed.pk).update(
        state=state, reason=reason, cause_key="" if state != "failed" else reason,
        needs_person_since=None if state == "waiting" else db_now(),
    )  # fmt: skip
    page = signed_in(operator).get(reverse("delivery", args=[failed.pk])).content.decode()
    assert entry(slug) in page


def test_one_that_arrived_has_none(operator: Staff, failed: Delivery) -> None:
    Delivery.objects.filter(pk=failed.pk).update(
        state="delivered", reason="accepted", cause_key="", needs_person_since=None
    )
    page = signed_in(operator).get(reverse("delivery", args=[failed.pk])).content.decode()
    assert "What this means" not in page


def test_the_row_of_an_import() -> None:
    shown = Template('{% load help %}{% about_sentence "row" reason %}').render(
        Context({"reason": "is no date"})
    )
    assert entry("row-date") in shown


def test_an_event() -> None:
    tag = Template("{% load help %}{% about_event event %}")
    gone_wrong = Event(pk=3, state=Event.State.FAILED, reason="no_id")
    assert entry("event-without-record") in tag.render(Context({"event": gone_wrong}))
    assert tag.render(Context({"event": Event(pk=4, state=Event.State.APPLIED)})) == ""
