"""While a key is refused or a brake is on, deliveries wait where they stand, and go on by themselves."""

from __future__ import annotations

import pytest

from partnerportal.accounts.models import ApiKey
from partnerportal.delivery import brakes, claims, engine, tasks
from partnerportal.delivery.models import Brake, Delivery
from partnerportal.delivery.services import request_push
from partnerportal.kernel import dispatch
from tests.cast import Stage, make_patient
from tests.delivery.scene import onboarded


def pushed(stage: Stage, number: int) -> list[Delivery]:
    enterprise = onboarded()
    return [request_push(stage.context, make_patient(enterprise)) for _ in range(number)]


def test_a_key_refused_in_the_middle_stops_and_goes_on_once_it_works(stage: Stage) -> None:
    pushed(stage, 5)
    stage.sandbox.fault(kind="refuse_key", operation="patients.create", after=2, count=1)
    engine.drive("interactive", 3.0)
    stage.key.refresh_from_db()
    assert stage.key.state == ApiKey.State.REFUSED
    states = list(Delivery.objects.filter(noun="patient").values_list("state", flat=True))
    assert sorted(states) == ["delivered"] * 2 + ["pending"] * 3
    assert claims.claim_due("interactive") is None
    ApiKey.objects.update(state=ApiKey.State.WORKING)
    stage.run()
    assert len(stage.there()) == 5


@pytest.mark.parametrize("scope", ["all", "key", "enterprise"])
def test_a_brake_holds_sends_and_look_ups_and_nothing_is_lost(stage: Stage, scope: str) -> None:
    first, second = pushed(stage, 2)
    stage.sandbox.fault(kind="drop_after", operation="patients.create", count=1)
    engine.drive("interactive", 3.0, stop=lambda: Delivery.objects.filter(state="unknown").exists())
    target = {"all": None, "key": stage.key.pk, "enterprise": first.enterprise_id}[scope]
    brake = brakes.stop(stage.context, "a drill", scope, target)
    seen = len(stage.sandbox.requests())
    Delivery.objects.update(next_at=first.created_at)
    assert claims.claim_due("interactive") is None
    assert claims.claim_lookup() is None
    assert (claims.is_due("interactive"), claims.lookups_due()) == (False, False)
    assert len(stage.sandbox.requests()) == seen
    brakes.release(stage.context, brake)
    stage.run()
    assert len(stage.there()) == 2
    assert second.pk


def test_a_brake_on_one_enterprise_lets_the_others_by(stage: Stage) -> None:
    stopped, free = onboarded("Stopped"), onboarded("Free")
    brakes.stop(stage.context, "a drill", Brake.Scope.ENTERPRISE, stopped.pk)
    request_push(stage.context, make_patient(stopped))
    request_push(stage.context, make_patient(free))
    engine.drive("interactive", 3.0)
    assert [r["enterprise_id"] for r in stage.there()] == [free.remote_id]


def test_workers_do_not_ring_for_what_a_brake_holds(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Or each ring would answer itself, for as long as the brake is on."""
    pushed(stage, 1)
    brakes.stop(stage.context, "a drill")
    rung: list[str] = []
    monkeypatch.setattr(dispatch, "_send", lambda task, args, queue: rung.append(task))
    tasks.drive("interactive")
    assert rung == []
