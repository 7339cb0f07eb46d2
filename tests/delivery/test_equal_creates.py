"""Two records that a look-up could not tell apart are never on their way together; and both arrive."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from partnerportal.delivery import engine
from partnerportal.delivery.models import Attempt, Delivery
from partnerportal.delivery.services import request_push
from tests.cast import Stage, make_patient
from tests.delivery.scene import in_threads, onboarded

TWIN = {"first_name": "Ada", "last_name": "Byron", "date_of_birth": date(1979, 10, 26)}


@pytest.mark.parametrize("kind", ["none", "drop_after", "drop_before"])
def test_twins_go_one_after_the_other(stage: Stage, kind: str) -> None:
    enterprise = onboarded()
    twins = [make_patient(enterprise, **TWIN) for _ in range(3)]
    for twin in twins:
        request_push(stage.context, twin)
    if kind != "none":
        stage.sandbox.fault(kind=kind, operation="patients.create", count=1)
    in_threads(4, lambda: engine.drive("interactive", 1.0))
    stage.run(30)
    assert len(stage.there()) == 3
    for twin in twins:
        twin.refresh_from_db()
    assert len({twin.remote_id for twin in twins}) == 3
    spans = sorted(Attempt.objects.filter(operation="patients.create").values_list("started_at", "ended_at"))
    assert all(earlier[1] <= later[0] for earlier, later in pairwise(spans)), spans


def test_a_second_waits_while_the_outcome_of_the_first_is_unknown(stage: Stage) -> None:
    stage.settings.DELIVERY_UNKNOWN_DELAY = 60.0
    enterprise = onboarded()
    first, second = (request_push(stage.context, make_patient(enterprise, **TWIN)) for _ in range(2))
    stage.sandbox.fault(kind="drop_after", operation="patients.create", count=1)
    engine.drive("interactive", 1.5)
    first.refresh_from_db()
    second.refresh_from_db()
    assert {first.state, second.state} == {"unknown", "pending"}
    assert len(stage.there()) == 1
    Delivery.objects.filter(state="unknown").update(next_at=first.created_at)
    stage.settings.DELIVERY_UNKNOWN_DELAY = 0.5
    stage.run()
    assert len(stage.there()) == 2
