"""A new deployment gets its first administrator on the command line, and only the first."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from partnerportal.accounts.models import Staff
from tests.cast import PASSWORD


@pytest.mark.django_db
def test_the_first_administrator_sets_a_password_by_the_printed_link(client: Client) -> None:
    out = StringIO()
    call_command("create_administrator", "ada", "ada@example.com", stdout=out)
    address = out.getvalue().strip()
    page = client.get(address[address.index("/accounts/") :], follow=True)
    assert page.status_code == 200
    made = Staff.objects.get(username="ada")
    assert made.has_usable_password() is False
    assert list(made.groups.values_list("name", flat=True)) == ["administrator"]
    assert made.is_superuser is False


@pytest.mark.django_db
def test_there_is_no_second_first_administrator() -> None:
    call_command("create_administrator", "ada", "ada@example.com", stdout=StringIO())
    Staff.objects.filter(username="ada").update(is_active=True, password=PASSWORD)
    with pytest.raises(CommandError, match="There is an administrator already"):
        call_command("create_administrator", "eve", "eve@example.com", stdout=StringIO())
