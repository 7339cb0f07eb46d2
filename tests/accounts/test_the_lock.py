"""Guessing passwords: where tries are counted, who is locked out and who is not, and who is told."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from partnerportal.accounts import keys, locking
from partnerportal.accounts.models import Staff, Tries
from partnerportal.audit.models import Entry
from partnerportal.jobs.models import Notice
from tests.accounts.conftest import PASSWORD
from tests.console.cast import signed_in

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"
HERE, THERE = "203.0.113.7", "198.51.100.9"
# Every page that asks for a present password, and what a wrong one looks like. test_every_address.py fails
# for a page with such a field that is not named here.
ASKING: dict[str, tuple[str, dict[str, str]]] = {
    "account_login": (LOGIN, {"login": "olive", "password": "wrong"}),
    "key_view": ("/account/key/view/", {"password": "wrong"}),
    "account_change_password": (
        "/accounts/password/change/",
        {"oldpassword": "wrong", "password1": "a new one of twelve", "password2": "a new one of twelve"},
    ),
}


def sign_in(client: Client, name: str = "olive", password: str = PASSWORD, at: str = HERE, **to: str) -> int:
    answer = client.post(LOGIN, {"login": name, "password": password}, REMOTE_ADDR=at, **to)
    return answer.status_code


def lock(name: str = "olive", at: str = HERE, tries: int = 8) -> None:
    for _ in range(tries):
        sign_in(Client(), name, "wrong", at)


@pytest.mark.parametrize("asking", ASKING)
def test_each_page_that_asks_for_a_password_counts_towards_one_lock_and_leaves_an_entry(
    operator: Staff, told: Any, asking: str
) -> None:
    keys.candidate("a-key-of-olive", "basic", operator).save()
    client = Client() if asking == "account_login" else signed_in(operator)
    path, form = ASKING[asking]
    answers = [client.post(path, form) for _ in range(9)]
    assert [answer.status_code for answer in answers[:7]] in ([200] * 7, [422] * 7)
    assert [answer.status_code for answer in answers[7:]] == [429, 429]
    assert sign_in(Client(), at="127.0.0.1") == 429, "the right password must not help at the door either"
    action = "sign_in_failed" if asking == "account_login" else "password_refused"
    assert [actor for actor, _ in told(action)] == ["user:olive"] * 8
    assert len(told("sign_in_locked")) == 1
    assert "wrong" not in str(told(action)) + str(list(Tries.objects.values()))
    assert "a new one" not in str(told(action)) + str(list(Tries.objects.values()))


def test_guessing_elsewhere_locks_nobody_out(administrator: Staff) -> None:
    lock("ada", THERE)
    assert sign_in(Client(), "ada", at=THERE) == 429
    assert sign_in(Client(), "ada", at=HERE) == 302


def test_a_known_browser_goes_on_working_at_the_same_address(administrator: Staff) -> None:
    known = Client()
    assert sign_in(known, "ada") == 302
    cookie = known.cookies[f"portal_browser_{administrator.pk}"]
    assert cookie["httponly"] and cookie["max-age"] >= 180 * 86400
    known.post("/accounts/logout/")
    lock("ada")
    assert sign_in(Client(), "ada") == 429
    assert sign_in(known, "ada") == 302


def test_a_known_browser_is_of_one_person_and_has_a_lock_of_its_own(
    administrator: Staff, operator: Staff
) -> None:
    known = Client()
    sign_in(known, "ada")
    known.post("/accounts/logout/")
    lock("olive")
    assert sign_in(known, "olive") == 429, "it is known for ada, not for olive"
    known.cookies[f"portal_browser_{operator.pk}"] = known.cookies[f"portal_browser_{administrator.pk}"].value
    assert sign_in(known, "olive") == 429
    for _ in range(8):
        sign_in(known, "ada", "wrong")
    assert sign_in(known, "ada") == 429
    assert sign_in(Client(), "ada", at=THERE) == 302


def test_trying_many_names_from_one_address_is_slowed(operator: Staff, settings: Any) -> None:
    settings.LOCKOUT_ADDRESS_TRIES = 5
    answers = [sign_in(Client(), f"name{number}", "wrong", THERE) for number in range(7)]
    assert answers == [200, 200, 200, 200, 429, 429, 429]
    assert sign_in(Client(), at=THERE) == 429
    assert sign_in(Client(), at=HERE) == 302
    assert not Tries.objects.filter(key__contains="name").exists(), "a name may be a mistyped password"


def test_addresses_of_one_ipv6_network_are_one(operator: Staff, settings: Any) -> None:
    settings.AXES_FAILURE_LIMIT = 3
    for number in range(3):
        sign_in(Client(), password="wrong", at=f"2001:db8:1:2::{number:x}")
    assert sign_in(Client(), at="2001:db8:1:2:ffff::1") == 429
    assert sign_in(Client(), at="2001:db8:1:3::1") == 302


def test_delays_grow_and_are_forgotten_after_a_day(operator: Staff, settings: Any) -> None:
    settings.LOCKOUT_ADDRESS_TRIES = 1000
    waits = []
    for _ in range(8):
        lock()
        row = Tries.objects.exclude(locked_until=None).get()
        waits.append(round((row.locked_until - timezone.now()) / timedelta(minutes=1)))
        Tries.objects.update(locked_until=timezone.now() - timedelta(seconds=1))
    assert waits == [15, 30, 60, 120, 240, 480, 480, 480]
    Tries.objects.update(last_at=timezone.now() - timedelta(days=1, seconds=1))
    lock(tries=7)
    assert sign_in(Client()) == 302
    assert not Tries.objects.exclude(locks=0).exists()


def test_success_takes_back_its_own_try_and_no_other(operator: Staff, administrator: Staff) -> None:
    sign_in(Client(), "ada", "wrong")
    lock(tries=7)
    assert sign_in(Client()) == 302
    assert sorted(Tries.objects.values_list("number", flat=True)) == [0, 1, 8], "olive, ada, the address"


def test_a_name_that_is_nobodys_reads_and_locks_the_same(operator: Staff) -> None:
    pages = {}
    for name in ("olive", "nobody"):
        client = Client()
        found = [client.post(LOGIN, {"login": name, "password": "wrong"}) for _ in range(9)]
        pages[name] = [answer.status_code for answer in found]
    assert pages["olive"] == pages["nobody"]


def test_the_person_is_told_once_in_plain_words(operator: Staff) -> None:
    lock(tries=12)
    notice = Notice.objects.get()
    assert (notice.staff_id, notice.kind, notice.bad) == (operator.pk, "sign_in_locked", True)
    assert "wrong password" in notice.sentence and "15 minutes" in notice.sentence
    assert HERE not in notice.sentence
    assert notice.mail_next_at is not None, "it goes by e-mail, too"


def test_an_administrator_lifts_every_lock_of_a_person(
    operator: Staff, administrator: Staff, settings: Any
) -> None:
    settings.LOCKOUT_ADDRESS_TRIES = 8
    lock()
    page = signed_in(administrator).get(f"/staff/{operator.pk}/").content.decode()
    assert "Unlock" in page
    signed_in(administrator).post(f"/staff/{operator.pk}/unlock/")
    assert locking.locked_until(operator) is None
    assert sign_in(Client()) == 302


def test_forwarded_addresses_are_believed_only_behind_as_many_proxies(operator: Staff, settings: Any) -> None:
    settings.AXES_FAILURE_LIMIT = 2
    for number in range(2):
        sign_in(Client(), password="wrong", HTTP_X_FORWARDED_FOR=f"192.0.2.{number}")
    assert sign_in(Client(), HTTP_X_FORWARDED_FOR="192.0.2.77") == 429, "anybody can write that header"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert sign_in(Client(), HTTP_X_FORWARDED_FOR="203.0.113.7, 192.0.2.78") == 302
    for number in range(2):
        sign_in(Client(), password="wrong", HTTP_X_FORWARDED_FOR=f"10.0.0.{number}, 192.0.2.79")
    assert sign_in(Client(), HTTP_X_FORWARDED_FOR="10.0.0.9, 192.0.2.79") == 429
    entry_addresses = Entry.objects.filter(action="sign_in_failed").count()
    assert entry_addresses == 4


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("known", [False, True], ids=["unknown browser", "known browser"])
def test_eight_at_once_get_no_more_guesses_than_one_after_another(
    transactional_db: None, settings: Any, known: bool
) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]  # takes its time
    settings.AXES_FAILURE_LIMIT = 3
    Staff.objects.create_user("olive", password=PASSWORD)
    first = Client()
    if known:
        assert sign_in(first) == 302
    start = threading.Barrier(8)

    def guess(number: int) -> int:
        client = Client()
        if known:
            client.cookies.load({n: c.value for n, c in first.cookies.items() if "browser" in n})
        start.wait()
        try:
            return sign_in(client, password=f"guess {number}")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = sorted(pool.map(guess, range(8)))
    assert Entry.objects.filter(action="sign_in_failed").count() == 3, "so many passwords were checked"
    assert answers == [200, 200, *[429] * 6]
