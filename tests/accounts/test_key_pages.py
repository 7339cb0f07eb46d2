"""The pages of API keys: who reaches what, what they say, and that no page shows a key to anyone else."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from partnerportal.accounts import keys
from partnerportal.accounts.gateway import service_key
from partnerportal.accounts.models import ApiKey, Staff
from tests.accounts.conftest import PASSWORD
from tests.console.cast import signed_in
from tests.sandbox_process import KEY, Sandbox

pytestmark = pytest.mark.django_db(transaction=True)
CONNECT = "/account/key/connect/"


def _saved(secret: str, owner: Staff | None, **more: Any) -> ApiKey:
    key = keys.candidate(secret, "basic", owner)
    for name, value in more.items():
        setattr(key, name, value)
    key.save()
    return key


def test_connecting_says_what_came_of_it(on_sandbox: Sandbox, operator: Staff) -> None:
    client = signed_in(operator)
    answer = client.post(CONNECT, {"secret": KEY, "scheme": "basic"}, follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain == [("/account/", 302)]
    assert "works." in page
    assert KEY not in page


def test_a_refused_key_reads_so_and_is_not_echoed(on_sandbox: Sandbox, operator: Staff) -> None:
    answer = signed_in(operator).post(CONNECT, {"secret": "not-the-key", "scheme": "basic"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Inbox Health refused this key. Nothing saved. Copied whole, without spaces?" in page
    assert "not-the-key" not in page
    assert "Save without a test" not in page


def test_silence_offers_to_save_without_a_test(settings: Any, operator: Staff) -> None:
    settings.INBOX_HEALTH_BASE_URL = "http://127.0.0.1:9/partner/v2"
    client = signed_in(operator)
    page = client.post(CONNECT, {"secret": KEY, "scheme": "basic"}).content.decode()
    assert "No answer from 127.0.0.1:9." in page
    assert "Try again" in page
    assert "Save without a test" in page
    client.post(CONNECT, {"secret": KEY, "scheme": "basic", "untested": "1"})
    assert ApiKey.objects.get().state == "not_tested"


def test_the_key_is_shown_after_the_password_and_recorded(operator: Staff, told: Any) -> None:
    _saved(KEY, operator)
    client = signed_in(operator)
    assert KEY not in client.get("/account/key/view/").content.decode()
    answer = client.post("/account/key/view/", {"password": PASSWORD})
    assert KEY in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert [actor for actor, _ in told("key_viewed")] == ["user:olive"]


def test_wrong_passwords_for_the_key_count_towards_the_lock(
    operator: Staff, settings: Any, told: Any
) -> None:
    settings.AXES_FAILURE_LIMIT = 2
    _saved(KEY, operator)
    client = signed_in(operator)
    first = client.post("/account/key/view/", {"password": "wrong"})
    assert "This is not your password." in first.content.decode()
    second = client.post("/account/key/view/", {"password": "wrong"})
    assert second.status_code == 429
    locked = client.post("/account/key/view/", {"password": PASSWORD})
    assert locked.status_code == 429
    assert KEY not in locked.content.decode()
    assert not told("key_viewed")
    assert len(told("password_refused")) >= 2


def test_nobody_views_anothers_key(operator: Staff, administrator: Staff) -> None:
    _saved(KEY, operator, is_service=True)
    client = signed_in(administrator)
    assert client.post("/account/key/view/", {"password": PASSWORD}).status_code == 404
    for path in ("/keys/", "/account/"):
        assert KEY not in client.get(path).content.decode()


def test_an_operator_does_not_reach_anothers_key_or_the_keys_page(
    operator: Staff, administrator: Staff
) -> None:
    key = _saved(KEY, administrator)
    client = signed_in(operator)
    assert client.get("/keys/").status_code == 403
    for act in ("test", "revoke", "replace"):
        assert client.post(f"/keys/{key.pk}/{act}/").status_code == 404
    assert client.post(f"/keys/{key.pk}/service/").status_code == 403
    assert ApiKey.objects.get().revoked_at is None


def test_an_auditor_changes_no_key(auditor: Staff) -> None:
    client = signed_in(auditor)
    assert client.post(CONNECT, {"secret": KEY, "scheme": "basic"}).status_code == 403
    assert client.post("/account/key/generate/").status_code == 403
    assert "Connect API key" not in client.get("/account/").content.decode()


def test_the_sandbox_key_is_one_click(on_sandbox: Sandbox, operator: Staff) -> None:
    client = signed_in(operator)
    assert "Generate a sandbox key" in client.get("/account/").content.decode()
    client.post("/account/key/generate/")
    assert ApiKey.objects.get().state == "working"


def test_no_get_changes_anything(on_sandbox: Sandbox, operator: Staff) -> None:
    key = _saved(KEY, operator)
    client = signed_in(operator)
    for path in (f"/keys/{key.pk}/test/", "/account/key/generate/"):
        assert client.get(path).status_code == 405
    for path in (f"/keys/{key.pk}/revoke/", f"/keys/{key.pk}/replace/"):
        assert client.get(path).status_code == 200
    assert ApiKey.objects.get().revoked_at is None
    assert on_sandbox.requests() == []


def test_an_administrator_names_the_service_key(operator: Staff, administrator: Staff) -> None:
    key = _saved(KEY, operator)
    client = signed_in(administrator)
    assert key.fingerprint in client.get(f"/keys/{key.pk}/service/").content.decode()
    client.post(f"/keys/{key.pk}/service/")
    assert service_key() == key


def test_account_settings_says_which_key_is_used_meanwhile(operator: Staff, administrator: Staff) -> None:
    key = _saved(KEY, administrator, is_service=True)
    page = signed_in(operator).get("/account/").content.decode()
    assert f"Until then the service key <code>{key.fingerprint}</code> is used." in page


def test_forged_posts_are_refused(operator: Staff) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(operator, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.post(CONNECT, {"secret": KEY, "scheme": "basic"}).status_code == 403
    assert not ApiKey.objects.exists()
