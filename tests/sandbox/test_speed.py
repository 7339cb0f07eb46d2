"""Fast enough that the portal's benchmarks measure the portal, whoever listens."""

from __future__ import annotations

import http.client
import json
import threading
import time

from tests.sandbox.conftest import LUIGI, Caller
from tests.sandbox.listener import Listener
from tests.sandbox_process import Sandbox

THREADS, EACH, WANTED = 4, 150, 300
ROUNDS, LEAST = 3, 0.6
"""With an endpoint registered a create takes about a fifth more; the rest is for a machine that is busy."""


def rate(sandbox: Sandbox, api: Caller, enterprise: int) -> float:
    """Patients made a second, by several callers at once."""
    body = json.dumps({"patient": {**LUIGI, "enterprise_id": enterprise, "phone": "203-555-5555"}})
    headers = {**api.headers, "Content-Type": "application/json"}
    statuses: list[int] = []

    def work() -> None:
        connection = http.client.HTTPConnection(sandbox.url.removeprefix("http://"))
        for _ in range(EACH):
            connection.request("POST", "/partner/v2/patients", body, headers)
            answer = connection.getresponse()
            answer.read()
            statuses.append(answer.status)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(THREADS)]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.monotonic() - begun
    assert statuses == [201] * THREADS * EACH
    return len(statuses) / seconds


def test_it_takes_at_least_300_creates_a_second(sandbox: Sandbox, api: Caller, enterprise: int) -> None:
    found = rate(sandbox, api, enterprise)
    assert len({one["id"] for one in sandbox.records("patients")}) == THREADS * EACH
    assert found >= WANTED, f"{found:.0f} requests a second"


def test_sending_events_is_not_in_the_way_of_requests(
    sandbox: Sandbox, api: Caller, enterprise: int, listener: Listener
) -> None:
    shares = []
    for _ in range(ROUNDS):
        alone = rate(sandbox, api, enterprise)
        made = api.create("endpoint", url=listener.url, registered_webhooks=["patient_created"])
        shares.append(rate(sandbox, api, enterprise) / alone)
        api.call("DELETE", f"/endpoints/{made['id']}")
    assert max(shares) >= LEAST, shares
