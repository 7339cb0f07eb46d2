"""On a sandbox each page that asks for a key can have one made; elsewhere none can."""

from __future__ import annotations

from typing import Any

import pytest

from partnerportal.accounts.gateway import Gateway, service_key
from partnerportal.accounts.models import ApiKey, Staff
from partnerportal.audit.models import Exchange
from tests.cast import make_key
from tests.console.cast import signed_in
from tests.sandbox_process import Sandbox

pytestmark = pytest.mark.django_db(transaction=True)
OFFER = "Generate a sandbox key and use it"


def test_a_second_key_replaces_the_first(on_sandbox: Sandbox, operator: Staff) -> None:
    old = make_key(owner=operator, is_service=False)
    client = signed_in(operator)
    path = f"/keys/{old.pk}/replace/"
    assert OFFER in client.get(path).content.decode()
    answer = client.post(path, {"secret": "", "scheme": "basic", "generate": "1"})
    assert (answer.status_code, answer["Location"]) == (302, "/account/")
    new = ApiKey.objects.get(owner=operator, revoked_at=None)
    assert (new.state, new.pk == old.pk) == ("working", False)
    assert list(Exchange.objects.values_list("operation", flat=True).order_by("pk")) == [
        "sandbox.generate_key", "enterprises.list",
    ]  # fmt: skip


def test_a_service_key_is_made(on_sandbox: Sandbox, administrator: Staff) -> None:
    signed_in(administrator).post("/keys/add/", {"generate": "1"})
    found = service_key()
    assert found is not None and found.owner is None and found.state == "working"


def test_no_key_is_made_for_who_has_one(on_sandbox: Sandbox, operator: Staff) -> None:
    make_key(owner=operator, is_service=False)
    signed_in(operator).post("/account/key/connect/", {"generate": "1"})
    assert not Exchange.objects.exists()


def test_elsewhere_it_is_neither_offered_nor_done(settings: Any, operator: Staff) -> None:
    settings.INBOX_HEALTH_BASE_URL = "https://api.demo.inboxhealth.com/partner/v2"
    client = signed_in(operator)
    assert OFFER not in client.get("/account/key/connect/").content.decode()
    assert client.post("/account/key/connect/", {"generate": "1"}).status_code == 404


def test_without_a_sandbox_nothing_is_saved(settings: Any, operator: Staff) -> None:
    settings.INBOX_HEALTH_BASE_URL = "http://127.0.0.1:9/partner/v2"
    answer = signed_in(operator).post("/account/key/connect/", {"generate": "1"})
    assert answer.status_code == 422
    assert "No key came from the sandbox at 127.0.0.1:9. Nothing saved." in answer.content.decode()
    assert "Save without a test" not in answer.content.decode()


def test_a_use_that_worked_counts_as_a_test(on_sandbox: Sandbox, operator: Staff, by: Any) -> None:
    key = make_key()
    ApiKey.objects.filter(pk=key.pk).update(state="not_tested", tested_at=None)
    key.refresh_from_db()
    Gateway(key, by(operator)).call_waiting("enterprises.list")
    key.refresh_from_db()
    assert key.state == "working" and key.tested_at is not None
