"""Several keys of one account see the same; another account's records are out of reach."""

from __future__ import annotations

import pytest

from tests.sandbox.conftest import LUIGI, Caller, basic
from tests.sandbox_process import Sandbox


@pytest.fixture
def stranger(sandbox: Sandbox) -> Caller:
    key = sandbox.admin("POST", "keys", {"account": "somebody else"})["api_key"]
    return Caller(sandbox.url, basic(key))


def test_a_second_key_of_the_account_sees_the_same(sandbox: Sandbox, enterprise: int) -> None:
    second = Caller(sandbox.url, basic(sandbox.admin("POST", "keys", {})["api_key"]))
    assert second.ids("/enterprises") == [enterprise]


def test_another_account_finds_nothing_of_it_in_lists(stranger: Caller, patients: list[int]) -> None:
    assert stranger.ids("/enterprises") == stranger.ids("/practices") == stranger.ids("/patients") == []


def test_another_account_is_told_that_the_enterprise_is_not_theirs(
    stranger: Caller, enterprise: int, patients: list[int]
) -> None:
    answers = [
        stranger.call("GET", f"/enterprises/{enterprise}"),
        stranger.call("GET", f"/enterprises/{enterprise}/patients"),
        stranger.call("GET", f"/patients/{patients[0]}"),
        stranger.call("PUT", f"/patients/{patients[0]}", {"patient": {"city": "Elsewhere"}}),
        stranger.call("POST", "/patients", {"patient": {**LUIGI, "enterprise_id": enterprise}}),
    ]
    assert [one.status for one in answers] == [403] * 5
    assert answers[0].json == {"errors": {"base": ["not your enterprise"]}}


def test_every_account_has_users_and_an_organisation_of_its_own(api: Caller, stranger: Caller) -> None:
    assert len(api.ids("/users")) == 2
    assert len(api.ids("/admin_organizations")) == 1
    assert set(api.ids("/users")).isdisjoint(stranger.ids("/users"))
    assert len(api.ids("/users?filter[role]=practice_manager")) == 1
