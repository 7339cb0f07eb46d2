"""The cast of the console's tests: who signs in, and two enterprises that must not see each other."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from partnerportal.accounts.models import Staff
from partnerportal.records.models import Enterprise, Patient

PASSWORD = "correct horse battery staple"


def person(name: str, *roles: str, everywhere: bool = True) -> Staff:
    """A staff member with these roles; `everywhere`: scope *all*, else none."""
    staff = Staff.objects.create_user(name, password=PASSWORD, all_enterprises=everywhere)
    staff.groups.set(Group.objects.filter(name__in=roles))
    return staff


@pytest.fixture
def operator(db: None) -> Staff:
    return person("olivia", "operator")


@pytest.fixture
def auditor(db: None) -> Staff:
    return person("auden", "auditor")


@pytest.fixture
def administrator(db: None) -> Staff:
    return person("ada", "administrator")


@pytest.fixture
def outsider(db: None) -> Staff:
    """An operator with no enterprise in scope."""
    return person("oscar", "operator", everywhere=False)


@pytest.fixture
def north(db: None) -> Enterprise:
    return Enterprise.objects.create(name="North Clinic", state="MA", zip="01013")


@pytest.fixture
def south(db: None) -> Enterprise:
    return Enterprise.objects.create(name="South Clinic", state="CT", zip="06510")


@pytest.fixture
def ed(north: Enterprise) -> Patient:
    return Patient.objects.create(
        enterprise=north,
        first_name="Ed",
        last_name="Edison",
        health_record_id="12345",
        date_of_birth=date(1987, 10, 7),
        cell_phone="2035550101",
    )


def signed_in(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
