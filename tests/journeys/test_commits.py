"""A commit without a crash point between it and the next one, or a request, is seen where a worker passes."""

from __future__ import annotations

from types import ModuleType

import pytest

from partnerportal.accounts import stamp
from partnerportal.accounts.models import ApiKey
from partnerportal.audit import journal
from partnerportal.delivery import begin, claims
from partnerportal.delivery.services import request_push
from tests.cast import Stage, make_enterprise
from tests.journeys.commits import recorded


def _push(stage: Stage) -> list[str]:
    """What is unnamed of the way of a first push, on a key that nobody tested."""
    ApiKey.objects.update(state=ApiKey.State.NOT_TESTED)
    request_push(stage.context, make_enterprise())
    with recorded() as unnamed:
        stage.run()
    return unnamed


def test_every_commit_of_a_push_has_its_point(stage: Stage) -> None:
    assert _push(stage) == []


PASSED = [begin, claims, stamp, journal]


@pytest.mark.parametrize("module", PASSED, ids=lambda module: module.__name__)
def test_where_a_point_is_taken_away_it_is_missed(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, module: ModuleType
) -> None:
    monkeypatch.setattr(module, "crash_point", lambda name: None)
    assert _push(stage) != []


def test_what_was_rolled_back_or_only_read_is_no_commit(stage: Stage) -> None:
    from_before = ApiKey.objects.count()
    with recorded() as unnamed:
        assert ApiKey.objects.filter(pk=0).update(state="working") == 0
        assert ApiKey.objects.count() == from_before
    assert unnamed == []
