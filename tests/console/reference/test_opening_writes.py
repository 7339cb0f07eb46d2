"""Writes in production stay closed until an administrator opens them, for a time; the grant is a person's."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client

from partnerportal.accounts.models import Staff
from partnerportal.audit.models import Entry
from partnerportal.explorer.models import WriteWindow
from partnerportal.kernel.clock import db_now
from tests.cast import Stage
from tests.console.cast import signed_in

pytestmark = pytest.mark.django_db(transaction=True)
BODY = json.dumps({"enterprise": {"name": "Harbor"}})


@pytest.fixture
def production(stage: Stage) -> Stage:
    """The sandbox, said to be production."""
    stage.settings.INBOX_HEALTH_ENVIRONMENT = "production"
    stage.settings.INBOX_HEALTH_BASE_URL = stage.sandbox.base_url.replace(
        "127.0.0.1", "localhost.localdomain"
    )
    return stage


def may_write(client: Client) -> bool:
    seen = client.post("/reference/enterprises.create/try/", {"body": BODY}, follow=True)
    return seen.status_code == 200 and b"Send the POST in PRODUCTION" in seen.content


def test_they_are_closed_until_opened_and_close_by_themselves(
    production: Stage, writer: Client, administrator: Staff
) -> None:
    assert not may_write(writer)
    ada = signed_in(administrator)
    ada.post("/reference/writes/", {"minutes": "15"})
    window = WriteWindow.objects.get()
    assert timedelta(minutes=14) < window.until - db_now() <= timedelta(minutes=15)
    assert may_write(writer)
    assert "Open until" in writer.get("/reference/").content.decode()
    window.until = db_now()
    window.save()
    assert not may_write(writer)
    ada.post("/reference/writes/", {"minutes": "60"})
    ada.post("/reference/writes/", {"minutes": "0"})
    assert not may_write(writer)
    actions = Entry.objects.filter(action__startswith="try_it_writes").order_by("pk")
    opened, closed = "try_it_writes_opened", "try_it_writes_closed"
    assert [entry.action for entry in actions] == [opened, opened, closed]


def test_only_administrators_open_them_and_for_no_other_time(production: Stage, writer: Client) -> None:
    assert writer.post("/reference/writes/", {"minutes": "15"}).status_code == 403
    assert not WriteWindow.objects.exists()


def test_another_time_opens_nothing(production: Stage, administrator: Staff) -> None:
    signed_in(administrator).post("/reference/writes/", {"minutes": "1440"})
    assert not WriteWindow.objects.exists()


def test_the_grant_is_given_and_taken_back_and_each_is_an_entry(
    administrator: Staff, operator: Staff
) -> None:
    ada, place = signed_in(administrator), f"/staff/{operator.pk}/try-it/"
    ada.post(place, {"allowed": "yes"})
    assert Staff.objects.get(pk=operator.pk).has_perm("accounts.try_it_writes")
    assert "Take the grant back" in ada.get(f"/staff/{operator.pk}/").content.decode()
    ada.post(place, {"allowed": "no"})
    assert not Staff.objects.get(pk=operator.pk).has_perm("accounts.try_it_writes")
    actions = Entry.objects.filter(record=f"staff:S-{operator.pk}").order_by("pk")
    assert [e.action for e in actions] == ["try_it_writes_granted", "try_it_writes_taken_back"]


def test_nobody_grants_themselves_and_operators_grant_nobody(administrator: Staff, operator: Staff) -> None:
    signed_in(administrator).post(f"/staff/{administrator.pk}/try-it/", {"allowed": "yes"})
    assert not Staff.objects.get(pk=administrator.pk).has_perm("accounts.try_it_writes")
    assert signed_in(operator).post(f"/staff/{administrator.pk}/try-it/").status_code == 403
