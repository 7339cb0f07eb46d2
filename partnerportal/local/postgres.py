"""One embedded PostgreSQL: made once, started in the foreground as our child, stopped.

TCP on the loopback with a password, no unix socket; C.UTF-8, because trigrams lose accents under C.
Imports its siblings and kernel.server_log.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from partnerportal.kernel import server_log
from partnerportal.local import postgres_home
from partnerportal.local.binaries import postgres_bin
from partnerportal.local.layout import Layout, LocalError
from partnerportal.local.ports import LOOPBACK, free_port, is_free
from partnerportal.local.processes import bound_to_parent, command_line, identity, stop_child

ROLE = DATABASE = "portal"
SERVICE_ROLE = "portal_service"  # grant_service_role makes it
# After a crash the old server's last children may live for a moment, and a new one refuses meanwhile.
START_SECONDS = 20.0
# For tests: nothing of theirs need survive a power cut.
HASTY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_wal_size=4GB")


class Postgres:
    """The server of one DATA_DIR. `hasty` trades durability for speed (tests)."""

    name = "postgres"

    def __init__(self, layout: Layout, known: dict[str, str], hasty: bool = False) -> None:
        self.user = postgres_home.unprivileged_user()
        self.home = postgres_home.home(layout, self.user)
        self.bin = postgres_home.reachable_bin(postgres_bin(), self.home, self.user)
        self.data = self.home / "data"
        self.log = layout.log / "postgres.log"
        self.password, self.service_password = known["POSTGRES_PASSWORD"], known["SERVICE_PASSWORD"]
        self.port = urlsplit(known.get("DATABASE_URL", "")).port or free_port()
        self.hasty = hasty
        self.child: subprocess.Popen[bytes] | None = None

    @property
    def addresses(self) -> dict[str, str]:
        """The database as its owner and as the services."""
        place = f"{LOOPBACK}:{self.port}/{DATABASE}"
        return {
            "DATABASE_URL": f"postgres://{ROLE}:{self.password}@{place}",
            "SERVICE_DATABASE_URL": f"postgres://{SERVICE_ROLE}:{self.service_password}@{place}",
        }

    @property
    def described(self) -> str:
        """For the log: as whom and where."""
        return f"PostgreSQL runs as {self.user.name if self.user else 'this user'} in {self.home}"

    def start(self) -> None:
        """Start and wait until it answers; several tries, LocalError naming the log when none succeeds."""
        self._make_once()
        self._clear_stale_pid()
        end = time.monotonic() + START_SECONDS
        while not self._try_start(end):
            if time.monotonic() > end:
                raise LocalError(f"PostgreSQL did not start; its log: {self.log}")
            time.sleep(0.3)
        self._make_database()

    def stop(self) -> None:
        """Fast shutdown (clients are sent away), then harder."""
        if self.child is not None:
            stop_child(self.child, (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL))

    def _make_once(self) -> None:
        if (self.home / "made").exists():
            return
        shutil.rmtree(self.data, ignore_errors=True)
        with tempfile.NamedTemporaryFile("w", dir=self.home, prefix="pw-") as secret:
            secret.write(self.password)
            secret.flush()
            if self.user:
                os.chown(secret.name, self.user.uid, self.user.gid)
            self._run(
                "initdb", "-D", self.data, "-U", ROLE, "--pwfile", secret.name, "--auth=scram-sha-256",
                "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions",
            )  # fmt: skip
        (self.home / "made").touch()

    def _run(self, program: str, *arguments: str | Path) -> None:
        with self.log.open("ab") as log:
            child = self._popen([self.bin / program, *arguments], log.fileno())
            if child.wait(120) != 0:
                raise LocalError(f"{program} failed; its log: {self.log}")

    def _popen(self, command: list[str | Path], log: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=self.home,
            env={"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            start_new_session=True,
            user=self.user.uid if self.user else None,
            group=self.user.gid if self.user else None,
            extra_groups=[] if self.user else None,
            preexec_fn=bound_to_parent(signal.SIGQUIT),
        )

    def _clear_stale_pid(self) -> None:
        """Remove a pid file that names a stranger: PostgreSQL would take it for itself and refuse to start.

        A dead process is PostgreSQL's own affair; a server on this very folder is an error, and left alone.
        """
        pid_file = self.data / "postmaster.pid"
        try:
            pid = int(pid_file.read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return
        if identity(pid) is None:
            return
        if str(self.data) in command_line(pid):
            raise LocalError(f"Another PostgreSQL (process {pid}) uses {self.data}; stop it first.")
        pid_file.unlink()

    def _try_start(self, end: float) -> bool:
        if not is_free(self.port):
            self.port = free_port()
        settings = [f"port={self.port}", f"listen_addresses={LOOPBACK}", "unix_socket_directories="]
        settings += ["max_connections=200", *(HASTY if self.hasty else ())]
        arguments = [word for setting in settings for word in ("-c", setting)] + server_log.flags()
        with self.log.open("ab") as log:
            self.child = self._popen([self.bin / "postgres", "-D", self.data, *arguments], log.fileno())
        while self.child.poll() is None and time.monotonic() < end:
            if self._answers():
                return True
            time.sleep(0.05)
        return False

    def _connect(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(
            host=LOOPBACK, port=self.port, user=ROLE, password=self.password, dbname="postgres",
            connect_timeout=3, autocommit=True,
        )  # fmt: skip

    def _answers(self) -> bool:
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def _make_database(self) -> None:
        with self._connect() as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if known is None:
                connection.execute(f"CREATE DATABASE {DATABASE}")
