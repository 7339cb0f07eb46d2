"""A call at the door: verified, stored once, answered; what does not verify leaves a number, no more."""

from __future__ import annotations

import json

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client

from partnerportal.accounts.models import ApiKey
from partnerportal.records.models import Endpoint
from partnerportal.webhooks.models import Event, Refusal, RetiredKey
from partnerportal.webhooks.verification import book
from tests.cast import make_key, make_staff
from tests.webhooks.post import endpoint, event, post

__all__ = ["endpoint"]


@pytest.fixture(autouse=True)
def service(transactional_db: None) -> ApiKey:
    return make_key()


def test_a_signed_event_is_stored_with_its_body_encrypted(endpoint: Endpoint) -> None:
    sent = event("patient_updated", number=4805, last_name="Edison")
    answer = post(endpoint, sent)
    assert (answer.status_code, answer.content) == (200, b"{}")
    row = Event.objects.get()
    assert (row.event_key, row.event_type, row.noun, row.object_id) == (
        "4805",
        "patient_updated",
        "patient",
        669,
    )
    assert (row.state, row.livemode, row.signed_by) == ("waiting", False, ApiKey.objects.get().fingerprint)
    assert json.loads(row.body) == sent
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM webhooks_event")
        assert b"Edison" not in bytes(cursor.fetchone()[0])


def test_an_event_that_comes_again_is_answered_and_kept_once(endpoint: Endpoint) -> None:
    sent = event()
    assert [post(endpoint, sent).status_code for _ in range(4)] == [200] * 4
    assert Event.objects.count() == 1


def test_types_nobody_has_heard_of_are_kept(endpoint: Endpoint) -> None:
    assert post(endpoint, event("moon_rose")).status_code == 200
    assert post(endpoint, {"hello": ["world"]}).status_code == 200
    assert set(Event.objects.values_list("event_type", flat=True)) == {"moon_rose", ""}


def test_what_does_not_verify_is_counted_and_leaves_no_body(endpoint: Endpoint) -> None:
    body = event()
    assert post(endpoint, body, key="another").status_code == 401
    assert post(endpoint, body, url=endpoint.url + "x").status_code == 401
    unsigned = Client().post(f"/webhooks/{endpoint.token}/", body, content_type="application/json")
    assert unsigned.status_code == 401
    assert not Event.objects.exists()
    refusal = Refusal.objects.get()
    assert (refusal.number, refusal.in_a_row) == (3, 3)


def test_a_good_call_ends_a_run_of_refused_ones(endpoint: Endpoint) -> None:
    post(endpoint, event(), key="another")
    post(endpoint, event())
    post(endpoint, event(), key="another")
    refusal = Refusal.objects.get()
    assert (refusal.number, refusal.in_a_row) == (2, 1)


def test_the_registered_url_counts_and_no_header_that_a_proxy_or_a_stranger_sets(
    endpoint: Endpoint, settings: LazySettings
) -> None:
    settings.PUBLIC_URL = "https://portal.example.com"
    settings.SECURE_SSL_REDIRECT = True
    endpoint.url = endpoint.address()
    endpoint.acknowledged = {}
    endpoint.save()
    book.forget()
    assert endpoint.url.startswith("https://portal.example.com/webhooks/")
    assert post(endpoint, event(), HOST="inside.example", X_FORWARDED_HOST="evil.example").status_code == 200
    here = f"http://testserver/webhooks/{endpoint.token}/"
    assert post(endpoint, event(), url=here).status_code == 401


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch", "head"])
def test_other_methods_are_told_so(endpoint: Endpoint, method: str) -> None:
    answer = getattr(Client(), method)(f"/webhooks/{endpoint.token}/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        ("{}", "text/plain", 415),
        ("{}", "application/x-www-form-urlencoded", 415),
        ("{", "application/json", 400),
        ("[]", "application/json; charset=utf-8", 400),
        ('{"a": NaN}', "application/json", 400),
        ("[" * 200_000, "application/json", 400),
        (" " * 1_048_577, "application/json", 413),
    ],
)
def test_what_is_no_event_is_refused_in_words(
    endpoint: Endpoint, body: str, content_type: str, status: int
) -> None:
    answer = Client().generic("POST", f"/webhooks/{endpoint.token}/", body, content_type)
    assert answer.status_code == status
    assert answer.content
    assert not Event.objects.exists()
    assert not Refusal.objects.exists()


def test_a_token_of_nobody_is_not_found_and_asks_the_database_nothing(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    post(endpoint, event())
    for name in ("FRESH", "RENEWED"):
        monkeypatch.setattr(f"partnerportal.webhooks.verification.{name}", 60.0)
    with connection.execute_wrapper(_refuse):
        for token in ("x" * 43, "y" * 43):
            answer = Client().post(f"/webhooks/{token}/", "{}", content_type="application/json")
            assert answer.status_code == 404


def test_the_door_sets_no_cookie_and_starts_no_session(endpoint: Endpoint) -> None:
    answer = post(endpoint, event())
    assert not answer.cookies
    assert "X-Correlation-Id" in answer.headers


def test_an_endpoint_that_was_unregistered_takes_nothing(endpoint: Endpoint) -> None:
    Endpoint.objects.filter(pk=endpoint.pk).update(removed=True)
    book.forget()
    assert post(endpoint, event()).status_code == 404


def test_every_key_of_the_service_keys_owner_verifies_and_nobody_elses(
    endpoint: Endpoint, service: ApiKey
) -> None:
    adam, ola = make_staff("adam", "administrator"), make_staff("ola", "operator")
    ApiKey.objects.filter(pk=service.pk).update(owner=adam)
    make_key("of-ola", owner=ola, is_service=False)
    make_key("old-of-adam", is_service=False)
    ApiKey.objects.filter(fingerprint=ApiKey.objects.get(owner=ola).fingerprint).update(owner=ola)
    book.forget()
    assert post(endpoint, event()).status_code == 200
    assert post(endpoint, event(), key="of-ola").status_code == 401
    assert post(endpoint, event(), key="old-of-adam").status_code == 401


def test_a_revoked_key_verifies_only_while_it_is_known_as_retired(
    endpoint: Endpoint, service: ApiKey
) -> None:
    old = make_key("old", is_service=False)
    old.revoked_at = old.created_at
    old.save()
    book.forget()
    assert post(endpoint, event(), key="old").status_code == 401
    retired = RetiredKey.objects.create(endpoint=endpoint, key=old)
    book.forget()
    assert post(endpoint, event(), key="old").status_code == 200
    retired.ended_at = old.created_at
    retired.save()
    book.forget()
    assert post(endpoint, event(), key="old").status_code == 401


def test_a_key_that_was_replaced_a_moment_ago_is_not_refused_for_what_memory_holds(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert post(endpoint, event()).status_code == 200
    ApiKey.objects.update(key="brand new")
    monkeypatch.setattr("partnerportal.webhooks.verification.RENEWED", 0.0)
    assert post(endpoint, event(), key="brand new").status_code == 200


def _refuse(*_: object) -> None:
    raise AssertionError("the database was asked")
