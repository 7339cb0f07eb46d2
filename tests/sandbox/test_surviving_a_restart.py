"""Data, ids, keys, instance and log outlive the process, also one that was killed."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.conftest import LUIGI, Caller, basic
from tests.sandbox.money import Books
from tests.sandbox_process import KEY


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_nothing_is_lost_over_a_restart(start: Callable[..., Any], number: signal.Signals) -> None:
    child, before = start("--no-rate-limit")
    key, gone = (before.admin("POST", "keys", {})["api_key"] for _ in range(2))
    before.admin("DELETE", f"keys/{gone}")
    caller = Caller(before.url, basic(key))
    enterprise = caller.create("enterprise", name="Kept")["id"]
    patient = caller.create("patient", **LUIGI, enterprise_id=enterprise)
    lines, instance = before.requests(), before.admin("GET", "state")["instance"]
    child.send_signal(number)
    child.wait(timeout=5)

    _child, after = start("--no-rate-limit")
    again = Caller(after.url, basic(key))
    assert after.admin("GET", "state")["instance"] == instance
    assert after.requests() == lines
    found = again.get(f"/patients/{patient['id']}")["patient"]
    assert {**found, "links": None} == {**patient, "links": None}
    assert Caller(after.url, basic(gone)).call("GET", "/patients").status == 401
    assert again.create("patient", **LUIGI, enterprise_id=enterprise)["id"] == patient["id"] + 1


def test_money_and_its_figures_outlive_the_process(start: Callable[..., Any]) -> None:
    child, before = start("--no-rate-limit")
    api = Caller(before.url, basic(KEY))
    enterprise = api.create("enterprise", name="Kept")["id"]
    (practice,) = api.ids("/practices")
    patient = api.create("patient", **LUIGI, enterprise_id=enterprise)["id"]
    books = Books(api, enterprise, practice, patient)
    invoice, payment = books.invoice((4_000, 0)), books.payment(1_500)
    books.apply(payment, invoice, 1_000)
    books.write_off(300)
    child.kill()
    child.wait(timeout=5)

    child, after = start("--no-rate-limit")
    books.api = Caller(after.url, basic(KEY))
    assert (books.owes, books.owed_on(invoice)) == (2_200, (3_000, 0))
    child.terminate()
    child.wait(timeout=5)

    _child, turned = start("--no-rate-limit", "--assume", "write_offs=no_effect")
    books.api = Caller(turned.url, basic(KEY))
    assert books.owes == 2_500


def test_it_ends_at_once_and_cleanly_even_with_a_request_hanging(start: Callable[..., Any]) -> None:
    child, running = start("--no-rate-limit")
    running.fault(kind="hang", operation="*", count=1)
    with pytest.raises(TimeoutError):
        Caller(running.url, basic(KEY)).call("GET", "/patients", timeout=0.1)
    begun = time.monotonic()
    child.send_signal(signal.SIGTERM)
    assert child.wait(timeout=5) == 0
    assert time.monotonic() - begun < 1


def test_another_folder_is_another_instance(start: Callable[..., Any], tmp_path: Any) -> None:
    instances = [start(state=tmp_path / name)[1].admin("GET", "state")["instance"] for name in ("a", "b")]
    assert instances[0] != instances[1]
