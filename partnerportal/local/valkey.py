"""One embedded Valkey, in the foreground as our child, with a password and an append-only file.

Imports its siblings only.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

import redis

from partnerportal.local.binaries import valkey_server
from partnerportal.local.layout import Layout, LocalError
from partnerportal.local.ports import LOOPBACK, free_port, is_free
from partnerportal.local.processes import bound_to_parent, stop_child

START_SECONDS = 15.0


class Valkey:
    """The server of one DATA_DIR. `hasty` keeps nothing on disk (tests)."""

    name = "valkey"

    def __init__(self, layout: Layout, known: dict[str, str], hasty: bool = False) -> None:
        self.folder = layout.root / "valkey"
        self.log = layout.log / "valkey.log"
        self.password = known["VALKEY_PASSWORD"]
        self.port = urlsplit(known.get("REDIS_URL", "")).port or free_port()
        self.hasty = hasty
        self.child: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@{LOOPBACK}:{self.port}/0"

    @property
    def addresses(self) -> dict[str, str]:
        """What local.env says of it."""
        return {"REDIS_URL": self.url}

    @property
    def described(self) -> str:
        """For the log: where."""
        return f"Valkey runs in {self.folder}"

    def start(self) -> None:
        """Start and wait until it answers; LocalError naming the log when it does not."""
        end = time.monotonic() + START_SECONDS
        while not self._try_start(end):
            if time.monotonic() > end:
                raise LocalError(f"Valkey did not start; its log: {self.log}")
            time.sleep(0.3)

    def stop(self) -> None:
        if self.child is not None:
            stop_child(self.child, (signal.SIGTERM, signal.SIGKILL))

    def _configuration(self) -> Path:
        """A file of the owner's only: on the command line everyone could read the password."""
        path = self.folder / "valkey.conf"
        path.touch(mode=0o600)
        lines = [f"bind {LOOPBACK}", f"port {self.port}", f"requirepass {self.password}", "daemonize no"]
        lines += ["dir .", f"appendonly {'no' if self.hasty else 'yes'}", 'save ""', "databases 128"]
        path.write_text("\n".join(lines) + "\n")
        return path

    def _try_start(self, end: float) -> bool:
        if not is_free(self.port):
            self.port = free_port()
        with self.log.open("ab") as log:
            self.child = subprocess.Popen(
                [valkey_server(), self._configuration()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env={"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8"},
                start_new_session=True,
                preexec_fn=bound_to_parent(signal.SIGTERM),
            )
        while self.child.poll() is None and time.monotonic() < end:
            if self._answers():
                return True
            time.sleep(0.05)
        return False

    def _answers(self) -> bool:
        client = redis.Redis(host=LOOPBACK, port=self.port, password=self.password, socket_timeout=2)
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()
