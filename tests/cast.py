"""The cast and the stage: staff, a key, enterprises and patients, and an engine driven in this process."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import Group
from django.utils import timezone

from integrations.inboxhealth.auth import Credential
from partnerportal.accounts import gateway
from partnerportal.accounts.models import ApiKey, Staff
from partnerportal.audit.context import Context
from partnerportal.delivery import engine, resolve
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.revive import revive
from partnerportal.delivery.sweep import sweep
from partnerportal.records.models import Enterprise, Patient, Practice
from tests.sandbox_process import KEY, Sandbox

PASSWORD = "correct horse battery staple"
_numbers = itertools.count(1)


def make_staff(username: str, *roles: str, all_enterprises: bool = True) -> Staff:
    staff = Staff.objects.create_user(username, password=PASSWORD, all_enterprises=all_enterprises)
    staff.groups.set(Group.objects.filter(name__in=roles))
    return staff


def make_key(secret: str = KEY, *, owner: Staff | None = None, is_service: bool = True) -> ApiKey:
    credential = Credential(secret)
    return ApiKey.objects.create(
        owner=owner,
        key=secret,
        fingerprint=credential.fingerprint,
        state=ApiKey.State.WORKING,
        is_service=is_service,
        tested_at=timezone.now(),
    )


def make_enterprise(name: str = "Elm Street Family Medicine", **fields: Any) -> Enterprise:
    defaults = {"address_line_1": "1 Elm St", "city": "Chicopee", "state": "MA", "zip": "01013"}
    enterprise = Enterprise(name=name, **{**defaults, **fields})
    enterprise.save()
    return enterprise


def make_practice(enterprise: Enterprise, name: str = "Main office", **fields: Any) -> Practice:
    practice = Practice(enterprise=enterprise, name=name, city="Chicopee", state="MA", zip="01013", **fields)
    practice.save()
    return practice


def make_patient(enterprise: Enterprise, **fields: Any) -> Patient:
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "first_name": "Ada",
        "last_name": f"Byron{number}",
        "date_of_birth": date(1979, 10, 26),
        "health_record_id": f"C-{number}",
        "cell_phone": "(203) 555-0101",
        "zip": "01013",
        "state": "MA",
        "sex": "F",
    }
    patient = Patient(enterprise=enterprise, **{**defaults, **fields})
    patient.save()
    return patient


@dataclass
class Stage:
    """The portal's engine against a real sandbox; everything runs in this process."""

    sandbox: Sandbox
    settings: LazySettings
    key: ApiKey
    operator: Staff

    @property
    def context(self) -> Context:
        return Context(actor=f"user:{self.operator.username}", origin="console")

    def run(self, seconds: float = 20.0, until: Callable[[], bool] | None = None) -> None:
        """Drive all lanes, look-ups and the sweep until nothing is open, or `until`."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for lane in ("interactive", "bulk", "background"):
                engine.drive(lane, 5.0)
            resolve.resolve_due()
            sweep()
            if until() if until else not self.open():
                return
            time.sleep(0.05)
        raise AssertionError(
            f"still open: {list(self.open().values_list('noun', 'kind', 'state', 'reason'))}"
        )

    def open(self) -> Any:
        waiting = Delivery.objects.filter(state__in=Delivery.OPEN, needs_person_since=None)
        return waiting | Delivery.objects.filter(confirm_at__isnull=False, needs_person_since=None)

    def revive(self) -> int:
        return revive()

    def there(self, resource: str = "patients") -> list[dict[str, Any]]:
        return self.sandbox.records(resource)


@pytest.fixture
def operator(transactional_db: None) -> Staff:
    return make_staff("ola", "operator")


@pytest.fixture
def auditor(transactional_db: None) -> Staff:
    return make_staff("audra", "auditor")


@pytest.fixture
def administrator(transactional_db: None) -> Staff:
    return make_staff("adam", "administrator")


@pytest.fixture
def outsider(transactional_db: None) -> Staff:
    return make_staff("otto", "operator", all_enterprises=False)


@pytest.fixture
def stage(sandbox: Sandbox, settings: LazySettings, operator: Staff) -> Any:
    """A fast one: no limit worth waiting for, D of half a second, deadline of one."""
    settings.INBOX_HEALTH_BASE_URL = sandbox.base_url
    settings.INBOX_HEALTH_RATE, settings.INBOX_HEALTH_BURST = 10_000.0, 10_000
    settings.INBOX_HEALTH_DEADLINE, settings.DELIVERY_LEASE = 1.0, 4.0
    settings.DELIVERY_UNKNOWN_DELAY = 0.5
    gateway.limiter.cache_clear()
    yield Stage(sandbox, settings, make_key(), operator)
    gateway.limiter.cache_clear()
