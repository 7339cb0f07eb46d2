"""A demo in a process of its own, as `make demo` runs it. Used by the tests of the demo's life."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

from partnerportal.local.layout import PROJECT, Layout
from partnerportal.local.ports import free_port
from tests.services import FOREIGN

READY = "Portal ready at http://127.0.0.1:"


class Demo:
    """Started at once; `wait_ready()` gives the seconds it took."""

    def __init__(
        self,
        place: Layout,
        project: Path = PROJECT,
        before: tuple[str, ...] = (sys.executable, "-m", "partnerportal.local"),
        user: str | None = None,
        **environment: str,
    ) -> None:
        self.port, self.sandbox_port = free_port(), free_port()
        ports = {"PORTAL_PORT": str(self.port), "SANDBOX_PORT": str(self.sandbox_port)}
        clean = {name: value for name, value in os.environ.items() if name not in FOREIGN}
        self._began = time.monotonic()
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [*before, "demo"],
            user=user,
            group=user and pwd.getpwnam(user).pw_gid,
            extra_groups=[] if user else None,
            cwd=project,
            env={**clean, **ports, "DATA_DIR": str(place.root), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._ready = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            if line.startswith(READY):
                self._ready.set()
        self._ready.set()

    @property
    def output(self) -> str:
        return "\n".join(self.lines)

    def wait_ready(self, seconds: float = 90) -> float:
        self._ready.wait(seconds)
        assert any(line.startswith(READY) for line in self.lines), self.output
        return time.monotonic() - self._began

    def healthy(self) -> bool:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=10) as answer:
            return bool(answer.status == 200)

    def is_healthy(self) -> bool:
        try:
            return self.healthy()
        except OSError:
            return False

    def end(self, sig: int = signal.SIGINT, seconds: float = 30) -> int:
        """Send the signal, wait, return the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(sig)
        status = self.process.wait(seconds)
        self._reader.join(5)
        return status
