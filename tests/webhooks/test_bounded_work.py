"""What a stranger's call may cost before its signature is known to be wrong: bounded in memory and time."""

from __future__ import annotations

import time
import tracemalloc
from random import Random

import pytest
from django.test import Client

from partnerportal.records.models import Endpoint
from partnerportal.webhooks.models import Event
from tests.cast import make_key
from tests.signature import hostile
from tests.webhooks.post import endpoint

__all__ = ["endpoint"]
SIZES = (8_000, 1_000_000)
MOST, SECONDS = 20 * 1024 * 1024, 2.0  # bytes; seconds while traced, which is several times as slow
SIGNATURE = "A" * 27 + "="


@pytest.fixture(autouse=True)
def key(transactional_db: None) -> None:
    make_key()


def cost(endpoint: Endpoint, body: bytes) -> tuple[int, int, float]:
    """The status, the most bytes that were in use besides, and seconds."""
    path, headers = f"/webhooks/{endpoint.token}/", {"X-InboxHealth-Signature": SIGNATURE}
    client = Client()
    client.generic("POST", path, b"{}", "application/json", headers=headers)
    tracemalloc.start()
    begun = time.perf_counter()
    try:
        status = client.generic("POST", path, body, "application/json", headers=headers).status_code
        return status, tracemalloc.get_traced_memory()[1], time.perf_counter() - begun
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("size", SIZES)
def test_no_body_costs_more_than_a_little_before_it_is_refused(endpoint: Endpoint, size: int) -> None:
    dear = {}
    for family, make in hostile.FAMILIES.items():
        status, memory, seconds = cost(endpoint, make(size))
        if status not in (400, 401, 413) or memory >= MOST or seconds >= SECONDS:
            dear[family] = status, memory, seconds
    assert not dear
    assert not Event.objects.exists()


def test_no_mixture_of_them_does(endpoint: Endpoint) -> None:
    chance = Random(1)
    for _ in range(30):
        body = hostile.random(chance, chance.choice((20_000, 200_000)))
        status, memory, seconds = cost(endpoint, body)
        assert status in (400, 401, 413)
        assert memory < MOST and seconds < SECONDS


def test_a_text_of_more_than_four_times_the_body_is_refused_as_too_large(endpoint: Endpoint) -> None:
    name, values = "a" * 20_000, ",".join("1" for _ in range(20_000))
    for inside in (f"[{values}]", f'{{"b":[{values[:7999]}]}}'):
        status, memory, _ = cost(endpoint, f'{{"{name}":{inside}}}'.encode())
        assert (status, memory < MOST) == (413, True)


def test_an_ordinary_event_of_any_size_that_is_read_is_judged_by_its_signature(endpoint: Endpoint) -> None:
    for size in (2_000, 60_000, 200_000):
        assert cost(endpoint, hostile.plain(size))[0] == 401
