"""Fast enough that the portal's benchmarks measure the portal."""

from __future__ import annotations

import http.client
import json
import threading
import time

from tests.sandbox.conftest import LUIGI, Caller
from tests.sandbox_process import Sandbox

THREADS, EACH, WANTED = 4, 150, 300


def test_it_takes_at_least_300_creates_a_second(sandbox: Sandbox, api: Caller, enterprise: int) -> None:
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
    rate = len(statuses) / (time.monotonic() - begun)
    assert statuses == [201] * THREADS * EACH
    assert len({one["id"] for one in sandbox.records("patients")}) == THREADS * EACH
    assert rate >= WANTED, f"{rate:.0f} requests a second"
