"""The doorbell of the intake: many events, one ring. Imports dispatch only.

A thread of its own rings, so that no call waits for the broker; what it does not ring for, the sweep finds.
"""

from __future__ import annotations

import os
import threading
import time

from partnerportal.kernel import dispatch

DRIVE = "partnerportal.webhooks.tasks.drive"
PAUSE = 0.1
"""Seconds from the first event to the ring, for all that come meanwhile."""


class Bell:
    """One a process: the thread starts with the first ring, after the web server has forked."""

    def __init__(self) -> None:
        self._wanted = threading.Event()
        self._lock = threading.Lock()
        self._process = 0

    def ring(self) -> None:
        self._wanted.set()
        if self._process != os.getpid():
            with self._lock:
                if self._process != os.getpid():
                    self._process = os.getpid()
                    threading.Thread(target=self._work, name="webhook-bell", daemon=True).start()

    def _work(self) -> None:
        while True:
            self._wanted.wait()
            time.sleep(PAUSE)
            self._wanted.clear()
            dispatch.ring_now(DRIVE, queue="background")


bell = Bell()
