"""What was acknowledged is durable: the web server is killed in the middle of it, and started again."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

from integrations.inboxhealth.signature import HEADER, signature
from partnerportal.local.ports import free_port
from partnerportal.records.models import Endpoint
from partnerportal.webhooks.models import Event
from tests.cast import make_key
from tests.sandbox_process import KEY
from tests.webhooks.post import event
from tests.webhooks.programs import Programs

KILLS, SENDERS = 2, 4


def test_an_event_that_was_answered_with_200_is_there_whenever_the_server_dies(
    transactional_db: None, settings: Any, tmp_path: Path
) -> None:
    port = free_port()
    settings.PUBLIC_URL = f"http://127.0.0.1:{port}"
    make_key()
    endpoint = Endpoint(registered_webhooks=["patient_updated"], remote_id=1)
    endpoint.save()
    taken: list[int] = []
    over = threading.Event()
    senders = [threading.Thread(target=_send, args=(endpoint.url, taken, over)) for _ in range(SENDERS)]
    for sender in senders:
        sender.start()
    for _ in range(KILLS):
        before = len(taken)
        with Programs(port, tmp_path / "log") as programs:
            programs.start("web")
            _until(lambda known=before: len(taken) > known + 20)
    over.set()
    for sender in senders:
        sender.join()
    kept = {int(one) for one in Event.objects.values_list("event_key", flat=True)}
    assert len(taken) > KILLS * 20
    assert set(taken) <= kept


def _send(url: str, taken: list[int], over: threading.Event) -> None:
    """New events, one after the other; which of them were answered with 200."""
    while not over.is_set():
        body = event()
        text = json.dumps(body)
        headers = {"Content-Type": "application/json", HEADER: signature(KEY, url, body)}
        try:
            with urlopen(Request(url, text.encode(), headers), timeout=5) as answer:
                assert answer.status == 200
        except (URLError, OSError):
            time.sleep(0.05)
            continue
        taken.append(body["id"])


def _until(done: Any, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "the server takes nothing"
        time.sleep(0.02)
