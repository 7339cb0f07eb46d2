"""A key that is here already: said so, used only on purpose, and told truly when one of the two ends."""

from __future__ import annotations

import pytest
from django.test import Client

from partnerportal.accounts.models import ApiKey, Staff
from tests.cast import make_key
from tests.console.cast import signed_in
from tests.sandbox_process import KEY, Sandbox

pytestmark = pytest.mark.django_db(transaction=True)
CONNECT = "/account/key/connect/"
TYPED = {"secret": KEY, "scheme": "basic"}


def pasted(client: Client, path: str = CONNECT, **more: str) -> str:
    return client.post(path, {**TYPED, **more}, follow=True).content.decode()


def test_it_is_said_and_nothing_is_saved(on_sandbox: Sandbox, operator: Staff) -> None:
    service = make_key()
    seen = pasted(signed_in(operator))
    assert f"Key {service.fingerprint} is here already: it is the service key." in seen
    assert "Use it here, too" in seen
    assert KEY not in seen
    assert ApiKey.objects.get() == service


def test_a_tick_uses_it_on_purpose(on_sandbox: Sandbox, operator: Staff) -> None:
    make_key()
    pasted(signed_in(operator), again="on")
    assert ApiKey.objects.filter(owner=operator, revoked_at=None, state="working").count() == 1


@pytest.mark.parametrize(
    ("role", "told"), [("operator", "another&#x27;s key"), ("administrator", "the key of olga")]
)
def test_whose_it_is_is_told_to_those_who_see_all_keys(
    on_sandbox: Sandbox, person: object, request: pytest.FixtureRequest, role: str, told: str
) -> None:
    make_key(owner=person("olga", "operator"), is_service=False)  # type: ignore[operator]
    seen = pasted(signed_in(request.getfixturevalue(role)))
    assert f"it is {told}." in seen
    assert ("olga" in seen) is (role == "administrator")


def test_the_revoke_page_tells_what_goes_on(administrator: Staff) -> None:
    make_key()
    own = make_key(owner=administrator, is_service=False)
    page = signed_in(administrator).get(f"/keys/{own.pk}/revoke/").content.decode()
    assert "is here more than once" in page
    assert "as the service key the portal goes on sending with it" in page
    assert "The portal sends nothing more" not in page


def test_a_revoked_one_is_not_here_any_more(on_sandbox: Sandbox, operator: Staff) -> None:
    key = make_key(owner=operator, is_service=False)
    signed_in(operator).post(f"/keys/{key.pk}/revoke/")
    assert "is here already" not in pasted(signed_in(operator))
