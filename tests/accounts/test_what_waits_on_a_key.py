"""Deliveries that wait on a key when it is replaced, revoked, or another one becomes the service key."""

from __future__ import annotations

from typing import Any

import pytest

from partnerportal.accounts import keys
from partnerportal.accounts.models import ApiKey, Staff
from partnerportal.delivery import key_changes
from partnerportal.delivery.models import Delivery
from partnerportal.records.models import Enterprise

pytestmark = pytest.mark.django_db


def _key(secret: str, owner: Staff | None, **more: Any) -> ApiKey:
    key = keys.candidate(secret, "basic", owner)
    for name, value in more.items():
        setattr(key, name, value)
    key.save()
    return key


def _waits(key: ApiKey, state: str = "pending") -> Delivery:
    enterprise = Enterprise.objects.create(name="North")
    return Delivery.objects.create(
        noun="enterprise", record_id=enterprise.pk, enterprise=enterprise, lane="bulk", key=key, state=state,
        actor="user:olive", origin="console", correlation_id="c",
    )  # fmt: skip


def test_a_replacement_takes_over_what_is_open_and_leaves_what_is_done(
    operator: Staff, by: Any, told: Any
) -> None:
    old, new = _key("old", operator), keys.candidate("new", "basic", operator)
    waiting, unknown, done = _waits(old), _waits(old, "unknown"), _waits(old, "delivered")
    assert key_changes.replace(old, new, by(operator)) == 2
    for delivery in (waiting, unknown, done):
        delivery.refresh_from_db()
    assert (waiting.key, unknown.key, done.key) == (new, new, old)
    assert told("deliveries_changed_key") == [("user:olive", {"key": new.fingerprint, "deliveries": 2})]


def test_what_waits_on_a_revoked_key_goes_to_the_service_key(operator: Staff, by: Any) -> None:
    own, service = _key("own", operator), _key("service", None, is_service=True)
    waiting = _waits(own)
    assert key_changes.revoke(own, by(operator)) == 1
    waiting.refresh_from_db()
    assert waiting.key == service


def test_without_a_service_key_it_waits_until_one_is_named(operator: Staff, by: Any) -> None:
    own = _key("own", operator, is_service=True)
    waiting = _waits(own)
    assert key_changes.revoke(own, by(operator)) == 0
    later = _key("later", None)
    assert key_changes.name_service(later, by(operator)) == 1
    waiting.refresh_from_db()
    assert waiting.key == later
