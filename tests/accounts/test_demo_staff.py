"""`create_demo_staff`."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import CommandError, call_command

from partnerportal.accounts import staff as people
from partnerportal.accounts.models import Staff

pytestmark = pytest.mark.django_db


def test_it_makes_one_user_and_only_one(settings: Any) -> None:
    settings.DEMO_PASSWORD = "a long demo password"
    call_command("create_demo_staff")
    hashed = Staff.objects.get(username="demo").password
    call_command("create_demo_staff")
    demo = Staff.objects.get()
    assert (people.roles_of(demo), demo.all_enterprises, demo.is_superuser) == (
        ["operator", "administrator"],
        True,
        False,
    )
    assert demo.check_password("a long demo password")
    assert demo.password == hashed


def test_another_password_is_taken_over(settings: Any) -> None:
    for settings.DEMO_PASSWORD in ("a long demo password", "another demo password"):
        call_command("create_demo_staff")
    assert Staff.objects.get().check_password("another demo password")


def test_it_needs_a_password_and_a_sandbox(settings: Any) -> None:
    settings.DEMO_PASSWORD = ""
    with pytest.raises(CommandError, match="DEMO_PASSWORD"):
        call_command("create_demo_staff")
    settings.INBOX_HEALTH_BASE_URL = "https://api.demo.inboxhealth.com/partner/v2"
    with pytest.raises(CommandError, match="sandbox"):
        call_command("create_demo_staff")
