"""One delivery that our own code trips over is shown to a person, and keeps none of the others."""

from __future__ import annotations

import pytest

from partnerportal.delivery import engine, parents
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.services import request_push
from tests.cast import Stage, make_patient
from tests.delivery.scene import onboarded


def test_it_fails_where_a_person_sees_it_and_its_values_reach_no_log(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    enterprise = onboarded()
    bad, good = (make_patient(enterprise) for _ in range(2))
    for patient in (bad, good):
        request_push(stage.context, patient)
    honest = parents.wait_for

    def trips(delivery: Delivery, row: object) -> object:
        if delivery.record_id == bad.pk:
            raise ValueError(f"can't cope with {bad.last_name}")
        return honest(delivery, row)  # type: ignore[arg-type]

    monkeypatch.setattr(parents, "wait_for", trips)
    engine.drive("interactive", 3.0)
    broken = Delivery.objects.get(noun="patient", record_id=bad.pk)
    assert (broken.state, broken.cause_key) == ("failed", "internal_error")
    assert broken.needs_person_since is not None
    assert [r["last_name"] for r in stage.there()] == [good.last_name]
    assert "ValueError" in caplog.text
    assert bad.last_name not in caplog.text
