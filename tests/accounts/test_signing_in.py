"""The sign-in page, the lock, idling, and the audit of all of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from partnerportal.accounts import locking
from partnerportal.accounts.middleware import LAST_SEEN
from partnerportal.accounts.models import Staff
from partnerportal.audit.models import Entry
from tests.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


def _sign_in(client: Client, name: str = "olive", password: str = PASSWORD, **more: str) -> Any:
    return client.post(LOGIN, {"login": name, "password": password, **more})


def test_signing_in_leads_to_account_settings(client: Client, operator: Staff, told: Any) -> None:
    answer = _sign_in(client)
    assert (answer.status_code, answer["Location"]) == (302, "/account/")
    assert "Account Settings" in client.get("/account/").content.decode()
    assert [actor for actor, _ in told("signed_in")] == ["user:olive"]


def test_signing_in_leads_back_to_the_interrupted_page(client: Client, operator: Staff) -> None:
    assert _sign_in(client, next="/P-12")["Location"] == "/P-12"


def test_signing_in_leads_nowhere_outside(client: Client, operator: Staff) -> None:
    assert _sign_in(client, next="https://evil.example/")["Location"] == "/account/"


@pytest.mark.parametrize(("name", "password"), [("olive", "wrong"), ("nobody", PASSWORD)])
def test_a_wrong_name_and_a_wrong_password_read_the_same(
    client: Client, operator: Staff, name: str, password: str
) -> None:
    answer = _sign_in(client, name, password)
    assert "Name or password is wrong." in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_signing_out_says_so(client: Client, operator: Staff) -> None:
    _sign_in(client)
    assert "You are signed out." in client.post("/accounts/logout/", follow=True).content.decode()
    assert "You are signed out." not in client.get(LOGIN).content.decode()


def test_a_deactivated_person_reads_the_same(client: Client, person: Any) -> None:
    person("olive", "operator", is_active=False)
    answer = _sign_in(client)
    assert answer.status_code == 200
    assert "Name or password is wrong." in answer.content.decode()


def test_the_password_stands_in_no_entry_and_no_unknown_name_either(
    client: Client, operator: Staff, told: Any
) -> None:
    _sign_in(client, "my secret typed as name", "wrong")
    _sign_in(client, "olive", "another secret")
    everything = str(told("sign_in_failed"))
    assert [actor for actor, _ in told("sign_in_failed")] == ["user:?", "user:olive"]
    assert "secret" not in everything


def test_too_many_tries_lock_the_name_and_say_until_when(
    client: Client, operator: Staff, settings: Any, told: Any
) -> None:
    settings.AXES_FAILURE_LIMIT = 3
    for name in ("olive", "OLIVE"):
        assert _sign_in(client, name, "wrong").status_code == 200
    answer = _sign_in(client, "Olive ", "wrong")
    assert answer.status_code == 429
    assert "Too many tries. Try again at" in answer.content.decode()
    assert "ask an administrator" in answer.content.decode()
    assert _sign_in(client).status_code == 429, "the right password must not help while locked"
    assert locking.locked_until(operator) is not None
    assert told("sign_in_locked")


def test_an_administrator_lifts_the_lock(
    client: Client, operator: Staff, administrator: Staff, settings: Any, by: Any
) -> None:
    settings.AXES_FAILURE_LIMIT = 2
    for _ in range(2):
        _sign_in(client, password="wrong")
    locking.unlock(operator, by(administrator))
    assert locking.locked_until(operator) is None
    assert _sign_in(client).status_code == 302


def test_idling_ends_the_session(client: Client, operator: Staff, settings: Any, told: Any) -> None:
    _sign_in(client)
    client.get("/account/")
    _age(client, settings.IDLE_SECONDS)
    assert client.get("/account/")["Location"].startswith(LOGIN)
    assert told("signed_out")[0][1]["because"] == "idle"


def test_polling_is_no_activity(client: Client, operator: Staff, settings: Any) -> None:
    _sign_in(client)
    client.get("/account/")
    _age(client, settings.IDLE_SECONDS - 60)
    poll = {"X-Portal-Poll": "1"}
    assert client.get("/account/session/", headers=poll).json()["left"] <= 60
    _age(client, 60)
    assert client.get("/account/session/", headers=poll).status_code == 401


def test_staying_signed_in_starts_the_time_again(client: Client, operator: Staff, settings: Any) -> None:
    _sign_in(client)
    client.get("/account/")
    _age(client, settings.IDLE_SECONDS - 60)
    assert client.post("/account/session/").json()["left"] == settings.IDLE_SECONDS


def test_signing_out_is_a_post(client: Client, operator: Staff) -> None:
    _sign_in(client)
    client.get("/accounts/logout/")
    assert "_auth_user_id" in client.session
    client.post("/accounts/logout/")
    assert "_auth_user_id" not in client.session


def test_nobody_can_sign_up_or_ask_for_a_reset(client: Client) -> None:
    for path in ("signup/", "password/reset/", "email/"):
        assert client.get(f"/accounts/{path}").status_code == 404


def test_a_save_that_lost_its_session_keeps_what_was_typed(client: Client, db: None) -> None:
    answer = client.post(
        "/account/preferences/?tab=1",
        {"time_zone": 'UTC"><b>', "password": "hidden one", "name": ["a", "b"]},
    )
    page = answer.content.decode()
    assert answer.status_code == 401
    assert answer["Cache-Control"] == "no-store"
    assert 'name="time_zone" value="UTC&quot;&gt;&lt;b&gt;"' in page
    assert 'action="/account/preferences/?tab=1"' in page
    assert page.count('name="name"') == 2
    assert "hidden one" not in page


def test_every_sign_in_entry_is_written_whole(client: Client, operator: Staff) -> None:
    _sign_in(client)
    entry = Entry.objects.get(action="signed_in")
    assert entry.record == f"staff:S-{operator.pk}"
    assert entry.content is not None


def _age(client: Client, seconds: int) -> None:
    session = client.session
    session[LAST_SEEN] -= seconds
    session.save()
