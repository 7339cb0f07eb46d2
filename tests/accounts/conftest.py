"""The cast of these tests, and the portal pointed at the sandbox of the run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import redis
from django.conf import settings as django_settings
from django.contrib.auth.models import Group

from partnerportal.accounts.gateway import limiter
from partnerportal.accounts.models import Staff
from partnerportal.audit.context import Context, user_actor
from partnerportal.audit.models import Entry
from partnerportal.audit.sealed import unseal
from tests.sandbox_process import Sandbox

PASSWORD = "correct horse battery"


@pytest.fixture
def person(db: None) -> Callable[..., Staff]:
    def make(name: str, *roles: str, **more: Any) -> Staff:
        staff = Staff(username=name, email=f"{name}@example.com", **{"all_enterprises": True, **more})
        staff.set_password(PASSWORD)
        staff.save()
        staff.groups.set(Group.objects.filter(name__in=roles))
        return staff

    return make


@pytest.fixture
def operator(person: Callable[..., Staff]) -> Staff:
    return person("olive", "operator")


@pytest.fixture
def administrator(person: Callable[..., Staff]) -> Staff:
    return person("ada", "administrator")


@pytest.fixture
def auditor(person: Callable[..., Staff]) -> Staff:
    return person("audrey", "auditor")


@pytest.fixture
def by() -> Callable[[Staff], Context]:
    return lambda staff: Context(actor=user_actor(staff.username), origin="console")


@pytest.fixture
def told() -> Callable[[str], list[tuple[str, dict[str, Any]]]]:
    """`told("key_connected")`: actor and detail of each such entry."""

    def read(action: str) -> list[tuple[str, dict[str, Any]]]:
        found = Entry.objects.filter(action=action).order_by("pk")
        return [(row.actor, unseal(row)) for row in found]

    return read


@pytest.fixture
def on_sandbox(sandbox: Sandbox, settings: Any) -> Iterator[Sandbox]:
    """The portal talks to the sandbox of the run, with full buckets."""
    settings.INBOX_HEALTH_BASE_URL = sandbox.base_url
    limiter.cache_clear()
    redis.Redis.from_url(django_settings.REDIS_URL).flushdb()
    yield sandbox
    limiter.cache_clear()
