"""What holds for every address: nothing behind sign-in is kept by a browser, no form's origin is held back.

The addresses and one of everything they show come from the axe walk's tables.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from partnerportal.console.access import RULES
from tests.accounts.test_the_lock import ASKING
from tests.browser.sample import demo_person, make_sample
from tests.browser.test_axe_over_all_pages import ALL, NO_PAGE, address_of
from tests.console.cast import signed_in

pytestmark = pytest.mark.django_db(transaction=True)
# Policies under which a browser says `Origin: https://portal` with a form; under no-referrer it says "null".
LETS_ORIGIN_THROUGH = {
    "same-origin", "origin", "strict-origin", "origin-when-cross-origin", "strict-origin-when-cross-origin",
}  # fmt: skip
POSTING = re.compile(r'<form\b[^>]*\bmethod="post"', re.IGNORECASE)
SECRETS = re.compile(r'<input\b[^>]*\btype="password"[^>]*>', re.IGNORECASE)
KIND = re.compile(r'\bautocomplete="([^"]*)"|>')  # without one: group 1 is None, which is no known kind
KEYS = {"key_connect", "key_add", "key_replace", "endpoint_add", "endpoint_change"}  # a key is pasted there
OVERRULED = re.compile(r'<meta\b[^>]*\bname="referrer"|\breferrerpolicy=|\brel="[^"]*noreferrer', re.I)


@pytest.fixture
def answers() -> dict[str, Any]:
    """The answer to a GET of each address, by name: as somebody with every role, else as nobody."""
    staff = demo_person()
    sample, inside, outside = make_sample(staff), signed_in(staff), Client()
    outside.get(address_of("welcome", sample))
    return {
        name: (outside if RULES[name].public else inside).get(address_of(name, sample))
        for name in ALL
        if name not in NO_PAGE
    }


def test_nothing_is_kept_by_a_browser_and_no_forms_origin_is_held_back(answers: dict[str, Any]) -> None:
    kept = [
        name
        for name, answer in answers.items()
        if not RULES[name].public and "no-store" not in answer.get("Cache-Control", "")
    ]
    forms = {name: answer for name, answer in answers.items() if _has_a_form(answer)}
    assert {"account_login", "welcome_password", "plan", "key_view"} <= set(forms)
    held_back = [name for name, answer in forms.items() if not _lets_its_origin_through(answer)]
    assert {"kept": kept, "held back": held_back} == {"kept": [], "held back": []}


def _lets_its_origin_through(answer: Any) -> bool:
    """Else Chromium sends `Origin: null` with the form, and CSRF refuses it."""
    policy = answer.get("Referrer-Policy")
    return policy in LETS_ORIGIN_THROUGH and not OVERRULED.search(answer.content.decode())


def test_each_page_that_asks_for_a_password_is_in_the_tests_of_the_lock(answers: dict[str, Any]) -> None:
    """A page of ours or of a library; the three whose word is new or is a key, not a password, aside."""
    asking = {
        name: {kind.group(1) for kind in map(KIND.search, SECRETS.findall(_text(answer))) if kind}
        for name, answer in answers.items()
    }
    assert {name for name, kinds in asking.items() if kinds - {"new-password", "off"}} == set(ASKING)
    assert {name for name, kinds in asking.items() if "off" in kinds} <= KEYS


def _text(answer: Any) -> str:
    return "" if answer.streaming else str(answer.content.decode(errors="replace"))


def _has_a_form(answer: Any) -> bool:
    return bool(POSTING.search(_text(answer)))
