"""A deployment that is stamped for one environment sends nothing to another, and says why."""

from __future__ import annotations

from partnerportal.accounts.stamp import stamp
from partnerportal.delivery import tasks
from partnerportal.delivery.models import Brake, Delivery
from partnerportal.delivery.services import request_push
from tests.cast import Stage, make_enterprise


def test_a_worker_whose_settings_name_another_environment_stops_everything(stage: Stage) -> None:
    stamp("demo")
    delivery = request_push(stage.context, make_enterprise())
    tasks.drive("interactive")
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.PENDING
    assert stage.sandbox.requests() == []
    assert "belongs to demo" in Brake.objects.get(released_at=None).reason
