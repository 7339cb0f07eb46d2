"""Where journeys run: a nursery of workers, and slots with a database, a Redis number and a sandbox of their own."""

from __future__ import annotations

import itertools
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.conf import settings
from django.db import connections

from partnerportal.local.processes import bound_to_parent, stop_child
from tests.sandbox_process import PROJECT, Sandbox, start_sandbox

TEMPLATE = "journey_template"
QUICK = {
    "INBOX_HEALTH_RATE": 10_000.0,
    "INBOX_HEALTH_BURST": 10_000,
    "INBOX_HEALTH_DEADLINE": 0.8,
    "DELIVERY_LEASE": 3.0,
    "DELIVERY_UNKNOWN_DELAY": 1.0,
}
SECRETS = ("SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "SSN_FINGERPRINT_KEY")


@dataclass
class Ended:
    """How a process ended: exit status (negative: the signal), and what its act returned."""

    status: int
    result: Any


class Nursery:
    """The forking process, steered from any thread."""

    def __init__(self, **environment: str) -> None:
        self._child = subprocess.Popen(
            [sys.executable, "-m", "tests.journeys.nursery"],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "partnerportal.settings", **environment},
            preexec_fn=bound_to_parent(),
        )
        self._lock, self._numbers = threading.Lock(), itertools.count(1)
        self._waiting: dict[int, Future[Ended]] = {0: Future()}
        threading.Thread(target=self._listen, daemon=True).start()
        self._waiting[0].result(60)

    def start(self, act: str, environment: dict[str, Any], **arguments: Any) -> Future[Ended]:
        ended: Future[Ended] = Future()
        with self._lock:
            number = next(self._numbers)
            self._waiting[number] = ended
            order = {"id": number, "act": act, "arguments": arguments, "environment": environment}
            assert self._child.stdin is not None
            self._child.stdin.write(json.dumps(order).encode() + b"\n")
            self._child.stdin.flush()
        return ended

    def stop(self) -> None:
        assert self._child.stdin is not None
        self._child.stdin.close()
        stop_child(self._child, (15, 9))

    def _listen(self) -> None:
        assert self._child.stdout is not None
        for line in self._child.stdout:
            said = json.loads(line)
            self._waiting.pop(said["id"]).set_result(Ended(said["status"], said["result"]))


@dataclass
class Slot:
    """One deployment of the portal: what its processes are told, and its sandbox."""

    nursery: Nursery
    number: int
    sandbox: Sandbox
    database: str
    settings: dict[str, Any] = field(default_factory=dict)

    def start(
        self, act: str, *, crash: str = "", mark: Path | None = None, **arguments: Any
    ) -> Future[Ended]:
        """A process of its own that does `act`; with `crash`, it dies there with -9."""
        variables = {"PORTAL_CRASH_POINT": crash, "PORTAL_CRASH_MARK": str(mark or "")}
        environment = {"variables": variables, "database": self.database, "settings": self.settings}
        return self.nursery.start(act, environment, **arguments)

    def run(self, act: str, *, seconds: float = 90, **arguments: Any) -> Any:
        """The same, waited for; what it returned. An AssertionError with its traceback where it failed."""
        ended = self.start(act, **arguments).result(seconds)
        assert ended.status == 0, f"{act} ended with {ended.status}:\n{ended.result}"
        return ended.result


class Yard:
    """Slots are borrowed by threads; each use begins with a fresh database and an empty sandbox."""

    def __init__(self, folder: Path, slots: int, **more: Any) -> None:
        self._folder, self._more = folder, more
        self._names = itertools.count(1)
        copy_database(str(connections["default"].settings_dict["NAME"]), TEMPLATE)
        self._nurseries = [Nursery(**own_environment()) for _ in range(1 if slots < 4 else 2)]
        self._sandboxes = [start_sandbox(folder / f"sandbox{n}", "--no-rate-limit") for n in range(slots)]
        self._free: queue.Queue[int] = queue.Queue()
        for number in range(slots):
            self._free.put(number)

    @contextmanager
    def slot(self, **settings_of_it: Any) -> Iterator[Slot]:
        number = self._free.get()
        sandbox = self._sandboxes[number][1]
        database = f"journey_{os.getpid()}_{next(self._names)}"
        try:
            copy_database(TEMPLATE, database)
            sandbox.reset()
            told = {
                **QUICK,
                **self._more,
                **settings_of_it,
                "INBOX_HEALTH_BASE_URL": sandbox.base_url,
                "REDIS_URL": redis_number(20 + number),
            }
            yield Slot(self._nurseries[number % len(self._nurseries)], number, sandbox, database, told)
        finally:
            drop_database(database)
            self._free.put(number)

    def close(self) -> None:
        for nursery in self._nurseries:
            nursery.stop()
        for child, _ in self._sandboxes:
            stop_child(child, (15, 9))
        drop_database(TEMPLATE)


def own_environment() -> dict[str, str]:
    """Settings for a process that does not run under pytest but against its services."""
    secrets = {"SECRET_KEY": settings.SECRET_KEY, "SSN_FINGERPRINT_KEY": settings.SSN_FINGERPRINT_KEY}
    keys = ",".join(settings.FIELD_ENCRYPTION_KEYS)
    return {
        **secrets,
        "FIELD_ENCRYPTION_KEYS": keys,
        "DATABASE_URL": database_url(),
        "REDIS_URL": redis_number(20),
    }


def database_url(name: str = "postgres") -> str:
    known = settings.DATABASES["default"]
    return f"postgres://{known['USER']}:{known['PASSWORD']}@{known['HOST']}:{known['PORT']}/{name}"


def redis_number(number: int) -> str:
    return urlunsplit(urlsplit(settings.REDIS_URL)._replace(path=f"/{number}"))


def copy_database(source: str, target: str) -> None:
    """A copy of a database that nobody uses at this moment."""
    connections.close_all()
    drop_database(target)
    with psycopg.connect(database_url(), autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{target}" TEMPLATE "{source}" STRATEGY FILE_COPY')


def drop_database(name: str) -> None:
    with psycopg.connect(database_url(), autocommit=True) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
