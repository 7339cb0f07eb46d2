"""A broker that is down or silent costs the caller half a second, and loses nothing."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from partnerportal.delivery.models import Delivery
from partnerportal.delivery.services import request_push
from partnerportal.kernel import dispatch
from partnerportal.local.ports import free_port
from tests.cast import Stage, make_patient
from tests.delivery.scene import onboarded

MOST = 0.6  # seconds more than with a broker that answers


@contextmanager
def silent_port() -> Iterator[int]:
    """Somebody who takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        yield server.getsockname()[1]


@contextmanager
def refused_port() -> Iterator[int]:
    yield free_port()


@pytest.mark.parametrize("broker", [refused_port, silent_port])
def test_a_push_is_asked_for_in_no_time_and_goes_out_later(stage: Stage, broker: object) -> None:
    patient, other = (make_patient(onboarded()) for _ in range(2))
    began = time.monotonic()
    request_push(stage.context, other)
    usual = time.monotonic() - began
    working = stage.settings.CELERY_BROKER_URL
    with broker() as port:  # type: ignore[operator]
        stage.settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{port}/0"
        dispatch._local.connection = None
        began = time.monotonic()
        delivery = request_push(stage.context, patient)
        took = time.monotonic() - began - usual
    stage.settings.CELERY_BROKER_URL, dispatch._local.connection = working, None
    assert took < MOST, f"{took:.2f} s"
    assert Delivery.objects.get(pk=delivery.pk).state == "pending"
    stage.run()
    assert len(stage.there()) == 2
