"""No address that is a secret stands in the web server's log, whichever addresses there are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from partnerportal.kernel.logs import without_token

SECRET = ("token", "key", "secret", "uidb36")
CANARY = "canary-that-is-secret"


def patterns(within: Any, before: str = "") -> Iterator[str]:
    for found in within.url_patterns:
        route = before + str(found.pattern)
        if isinstance(found, URLResolver):
            yield from patterns(found, route)
        elif isinstance(found, URLPattern):
            yield route


def test_every_address_with_a_token_is_hidden() -> None:
    secret = [r for r in patterns(get_resolver()) if any(f":{name}>" in r for name in SECRET)]
    assert {"webhooks/<slug:token>/", "accounts/welcome/<int:pk>/<str:token>/"} <= set(secret)
    for route in secret:
        path = "/" + route
        for name in SECRET:
            for kind in ("slug", "str", "uuid", "int", "path"):
                path = path.replace(f"<{kind}:{name}>", CANARY)
        path = path.replace("<int:pk>", "12")
        assert CANARY not in without_token(path), route


def test_other_addresses_stay_as_they_are() -> None:
    assert without_token("/records/patient/12/change/") == "/records/patient/12/change/"
