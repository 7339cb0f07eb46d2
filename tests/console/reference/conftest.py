"""Signed-in people of the reference, against a sandbox."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from partnerportal.accounts.models import Staff
from tests.cast import administrator, auditor, operator, outsider
from tests.console.cast import signed_in

__all__ = ["administrator", "auditor", "operator", "outsider"]


@pytest.fixture
def writer(operator: Staff) -> Client:
    """An operator who holds the grant."""
    operator.user_permissions.add(Permission.objects.get(codename="try_it_writes"))
    return signed_in(operator)
