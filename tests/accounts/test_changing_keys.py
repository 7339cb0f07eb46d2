"""Replacing, revoking, showing and naming keys."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from partnerportal.accounts import keys
from partnerportal.accounts.gateway import service_key
from partnerportal.accounts.models import ApiKey, Staff
from tests.sandbox_process import KEY, Sandbox

pytestmark = pytest.mark.django_db(transaction=True)


def _saved(secret: str, owner: Staff | None, **more: Any) -> ApiKey:
    key = keys.candidate(secret, "basic", owner)
    for name, value in more.items():
        setattr(key, name, value)
    key.save()
    return key


def test_replacing_tests_the_new_one_and_revokes_the_old(
    on_sandbox: Sandbox, operator: Staff, by: Any, told: Any
) -> None:
    old = _saved("an-old-key", operator, is_service=True)
    new = keys.candidate(KEY, "basic", operator)
    keys.accept(new, by(operator))
    keys.replace(old, new, by(operator))
    old.refresh_from_db()
    assert (old.state, old.is_service) == ("revoked", False)
    assert (new.state, new.is_service, new.owner) == ("working", True, operator)
    assert told("key_replaced")[0][1]["replaced"] == old.fingerprint


def test_a_refused_replacement_leaves_the_old_one(on_sandbox: Sandbox, operator: Staff, by: Any) -> None:
    old = _saved("an-old-key", operator)
    with pytest.raises(keys.NotSaved):
        keys.accept(keys.candidate("wrong", "basic", operator), by(operator))
    assert ApiKey.objects.get() == old


def test_a_revoked_key_is_nobodys_default(operator: Staff, by: Any, told: Any) -> None:
    key = _saved(KEY, operator, is_service=True)
    keys.revoke(key, by(operator))
    assert service_key() is None
    assert keys.own_key(operator) is None
    assert told("key_revoked") == [("user:olive", {"key": key.fingerprint})]


def test_one_service_key_at_a_time(administrator: Staff, by: Any, told: Any) -> None:
    first, second = _saved("first", None, is_service=True), _saved("second", administrator)
    keys.name_service(second, by(administrator))
    assert service_key() == second
    assert ApiKey.objects.filter(is_service=True).count() == 1
    assert told("key_named_service")[0][1]["before"] == first.fingerprint


def test_showing_a_key_is_an_entry_without_the_key(operator: Staff, by: Any, told: Any) -> None:
    key = _saved(KEY, operator)
    assert keys.show(key, by(operator)) == KEY
    assert told("key_viewed") == [("user:olive", {"key": key.fingerprint})]


def test_the_key_is_not_readable_in_the_database(operator: Staff) -> None:
    _saved(KEY, operator)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_apikey")
        assert KEY.encode() not in b"".join(bytes(str(value), "utf8") for value in cursor.fetchone())
        cursor.execute("SELECT key FROM accounts_apikey")
        assert KEY.encode() not in bytes(cursor.fetchone()[0])


def test_a_command_names_the_service_key_once(db: None, administrator: Staff, by: Any) -> None:
    first = keys.ensure_service_key(KEY, by(administrator))
    assert keys.ensure_service_key(KEY, by(administrator)) == first
    assert ApiKey.objects.count() == 1
