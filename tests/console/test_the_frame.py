"""The frame: doors, menu by permission, error pages in our words."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from partnerportal.accounts.models import Staff
from tests.console.cast import signed_in


def test_nobody_signed_in_is_led_to_the_sign_in_page_and_back(client: Client, db: None) -> None:
    answer = client.get("/P-12")
    assert answer.status_code == 302
    assert answer["Location"] == f"{reverse('account_login')}?next=/P-12"


def test_a_script_of_nobody_is_told_so_with_401(client: Client, db: None) -> None:
    assert client.get("/P-12", headers={"X-Portal-Poll": "1"}).status_code == 401


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_open_to_all(client: Client, db: None, path: str) -> None:
    assert client.get(path).status_code == 200


def test_an_unknown_address_is_a_page_in_our_words(operator: Staff) -> None:
    answer = signed_in(operator).get("/no-such-page/")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()
    assert "olivia" in answer.content.decode()
