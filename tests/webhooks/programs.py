"""The programs of a portal on this test's database and Redis number, to be killed and started again."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.error import URLError
from urllib.request import urlopen

from django.conf import settings
from django.db import connection

from partnerportal.local.processes import bound_to_parent, wait_until
from partnerportal.local.programs import CELERY, Program, web
from tests.journeys.yard import PROJECT, Services

WORKER = [
    *CELERY, "worker", "--loglevel", "WARNING", "--pool", "threads", "--concurrency", "4",
    "--without-gossip", "--without-mingle", "-Q", "interactive,bulk,background",
]  # fmt: skip
# What the test's own settings say, said to the programs.
_TOLD = (
    "REDIS_URL", "PUBLIC_URL", "INBOX_HEALTH_BASE_URL", "INBOX_HEALTH_RATE", "INBOX_HEALTH_BURST",
    "INBOX_HEALTH_DEADLINE", "DELIVERY_LEASE", "DELIVERY_UNKNOWN_DELAY",
)  # fmt: skip


class Programs:
    """gunicorn at PUBLIC_URL's port, and one worker of all queues."""

    def __init__(self, port: int, log: Path) -> None:
        self._commands = {"web": web(f"127.0.0.1:{port}"), "worker": WORKER}
        self._log, self._address = log, f"http://127.0.0.1:{port}/healthz"
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name in list(self._running):
            self.kill(name)

    def start(self, *names: str) -> None:
        for name in names:
            with self._log.open("ab") as log:
                self._running[name] = subprocess.Popen(
                    Program(name, self._commands[name]).argv(),
                    cwd=PROJECT,
                    env=_environment(),
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    preexec_fn=bound_to_parent(),
                )

    def kill(self, name: str) -> None:
        """With -9, and all that it has forked."""
        child = self._running.pop(name)
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()

    def until_web_answers(self) -> None:
        assert wait_until(self._answers, 60), self._log.read_text()[-2000:]

    def _answers(self) -> bool:
        try:
            with urlopen(self._address, timeout=2) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False


def _environment() -> dict[str, str]:
    known: Any = connection.settings_dict["NAME"]
    return {
        **Services.of_the_tests().environment(str(known)),
        **{name: str(getattr(settings, name)) for name in _TOLD},
    }
