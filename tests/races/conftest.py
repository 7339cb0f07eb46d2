"""The arena of a module's meetings: its database is emptied after the last of them, not between them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings

from partnerportal.accounts import gateway
from partnerportal.accounts.stamp import stamp
from partnerportal.kernel.environment import environment_name
from tests.cast import make_key, make_staff
from tests.races.arena import QUICK, Arena
from tests.sandbox_process import Sandbox


@pytest.fixture(scope="module")
def arena(django_db_setup: None, django_db_blocker: Any, sandbox_of_the_run: Sandbox) -> Iterator[Arena]:
    with (
        django_db_blocker.unblock(),
        override_settings(INBOX_HEALTH_BASE_URL=sandbox_of_the_run.base_url, **QUICK),
    ):
        gateway.limiter.cache_clear()
        sandbox_of_the_run.reset()
        operator = make_staff("ola", "operator")
        make_key()
        stamp(environment_name(), sandbox_of_the_run.admin("GET", "state")["instance"])
        client = Client()
        client.force_login(operator, backend="allauth.account.auth_backends.AuthenticationBackend")
        cookies = {name: morsel.value for name, morsel in client.cookies.items()}
        yield Arena(sandbox_of_the_run, operator, cookies)
        connection.close()
        call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)
        gateway.limiter.cache_clear()


@pytest.fixture
def _django_db_helper() -> None:
    """In place of pytest-django's, which would empty the database around each test."""
