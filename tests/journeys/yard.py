"""Where journeys run: nurseries of workers; slots with a database, Redis number and sandbox of their own."""

from __future__ import annotations

import itertools
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.conf import settings
from django.db import connections

from partnerportal.local.processes import bound_to_parent, stop_child, wait_until
from tests.journeys.stages import Stages
from tests.sandbox_process import PROJECT, Sandbox, start_sandbox

_YARDS = itertools.count(1)  # a process may have several, and the run's workers share one server
# The numbers below 20 are the tests' own; each of the run's workers has twenty more for its journeys.
FIRST_REDIS = 20 + 20 * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
QUICK = {
    "INBOX_HEALTH_RATE": 10_000.0,
    "INBOX_HEALTH_BURST": 10_000,
    "INBOX_HEALTH_DEADLINE": 0.8,
    "DELIVERY_LEASE": 3.0,
    "DELIVERY_UNKNOWN_DELAY": 1.0,
    "DELIVERY_PROBE_SECONDS": 0.5,
    "CHECKPOINT_LEASE": 2.0,
}


@dataclass
class Ended:
    """How a process ended: exit status (negative: the signal), and what its act returned."""

    status: int
    result: Any


class Nursery:
    """The forking process, steered from any thread; made in the main one, with which it ends."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._child = subprocess.Popen(
            [sys.executable, "-m", "tests.journeys.nursery"],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            preexec_fn=bound_to_parent(),
        )
        self._lock, self._numbers = threading.Lock(), itertools.count(1)
        self._waiting: dict[int, Future[Ended]] = {0: Future()}
        ready = self._waiting[0]
        threading.Thread(target=self._listen, daemon=True).start()
        ready.result(60)

    def start(
        self, act: str, environment: dict[str, Any], arguments: dict[str, Any]
    ) -> tuple[int, Future[Ended]]:
        number, ended = next(self._numbers), Future[Ended]()
        self._waiting[number] = ended
        self._tell({"id": number, "act": act, "arguments": arguments, "environment": environment})
        return number, ended

    def kill(self, number: int) -> None:
        self._tell({"kill": number})

    def stop(self) -> None:
        assert self._child.stdin is not None
        self._child.stdin.close()
        stop_child(self._child, (15, 9))

    def _tell(self, order: dict[str, Any]) -> None:
        assert self._child.stdin is not None
        with self._lock:
            self._child.stdin.write(json.dumps(order).encode() + b"\n")
            self._child.stdin.flush()

    def _listen(self) -> None:
        assert self._child.stdout is not None
        for line in self._child.stdout:
            said = json.loads(line)
            self._waiting.pop(said["id"]).set_result(Ended(said["status"], said["result"]))


@dataclass
class Running:
    """A process that has been started."""

    nursery: Nursery
    number: int
    ended: Future[Ended]

    def kill(self) -> Ended:
        self.nursery.kill(self.number)
        return self.ended.result(30)


@dataclass
class Slot:
    """One deployment of the portal: what its processes are told, and its sandbox."""

    nursery: Nursery
    sandbox: Sandbox
    database: str
    settings: dict[str, Any] = field(default_factory=dict)

    def begin(self, act: str, *, crash: str = "", mark: Path | None = None, **arguments: Any) -> Running:
        """A process of its own that does `act`; with `crash`, it dies there with -9."""
        variables = {"PORTAL_CRASH_POINT": crash, "PORTAL_CRASH_MARK": str(mark or "")}
        environment = {"variables": variables, "database": self.database, "settings": self.settings}
        return Running(self.nursery, *self.nursery.start(act, environment, arguments))

    def start(self, act: str, **more: Any) -> Future[Ended]:
        return self.begin(act, **more).ended

    def run(self, act: str, *, seconds: float = 120, **arguments: Any) -> Any:
        """The same, waited for; what it returned. An AssertionError with its traceback where it failed."""
        ended = self.start(act, **arguments).result(seconds)
        assert ended.status == 0, f"{act} ended with {ended.status}:\n{ended.result}"
        return ended.result

    def environment(self, services: Services, **more: str) -> dict[str, str]:
        """For programs that load Django themselves: Celery's workers and beat."""
        told = {name: str(value) for name, value in self.settings.items()}
        return {**services.environment(self.database), **told, **more}


@dataclass(frozen=True)
class Services:
    """A PostgreSQL and a Valkey; `source` is the migrated database that slots are copies of."""

    server: str  # postgres://user:password@host:port, without a database, as the owner
    service: str  # the same as the services
    redis: str
    source: str

    @classmethod
    def of_the_tests(cls) -> Services:
        addresses = (settings.DATABASE_URL, settings.SERVICE_DATABASE_URL)
        return cls.at(*addresses, settings.REDIS_URL, str(connections["default"].settings_dict["NAME"]))

    @classmethod
    def at(cls, owner: str, service: str, redis: str, source: str) -> Self:
        """Addresses as local.env has them; their database is left out."""
        return cls(*(url.removesuffix(urlsplit(url).path) for url in (owner, service)), redis, source)

    def database(self, name: str = "postgres") -> str:
        """As its owner."""
        return f"{self.server}/{name}"

    def redis_number(self, number: int) -> str:
        return urlunsplit(urlsplit(self.redis)._replace(path=f"/{number}"))

    def environment(self, database: str = "postgres") -> dict[str, str]:
        """Of a process that does not run under pytest; the secrets are the run's own."""
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "partnerportal.settings",
            "SECRET_KEY": settings.SECRET_KEY,
            "SSN_FINGERPRINT_KEY": settings.SSN_FINGERPRINT_KEY,
            "FIELD_ENCRYPTION_KEYS": ",".join(settings.FIELD_ENCRYPTION_KEYS),
            "DATABASE_URL": self.database(database),
            "SERVICE_DATABASE_URL": f"{self.service}/{database}",
            "REDIS_URL": self.redis_number(FIRST_REDIS),
        }

    def copy(self, source: str, target: str) -> None:
        """A copy of a database that nobody uses at this moment: what tests left connected is let go."""
        self.drop(target)
        with psycopg.connect(self.database(), autocommit=True) as admin:
            users = "FROM pg_stat_activity WHERE datname = %s"
            admin.execute(f"SELECT pg_terminate_backend(pid) {users}", [source])
            count = f"SELECT count(*) {users}"
            assert wait_until(lambda: admin.execute(count, [source]).fetchone() == (0,), 10)
            admin.execute(f'CREATE DATABASE "{target}" TEMPLATE "{source}" STRATEGY FILE_COPY')

    def drop(self, name: str) -> None:
        with psycopg.connect(self.database(), autocommit=True) as admin:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


class Yard:
    """Slots are borrowed by threads; each use begins with a fresh database and an empty sandbox."""

    def __init__(self, services: Services, folder: Path, slots: int, *sandbox: str) -> None:
        self.services, self._names, self._folder = services, itertools.count(1), folder
        self._prefix = f"journey_{os.getpid()}_{next(_YARDS)}"
        self._template = f"{self._prefix}_template"
        connections.close_all()  # nobody may use what is copied
        services.copy(services.source, self._template)
        with psycopg.connect(services.database(self._template)) as template:
            # Each copy is a deployment of its own.
            template.execute("UPDATE audit_checkpoint SET incarnation = '', valid_until = NULL")
        self._nurseries = [Nursery(services.environment()) for _ in range(1 if slots < 4 else 2)]
        options = sandbox or ("--no-rate-limit",)
        self._sandboxes = [start_sandbox(folder / f"sandbox{n}", *options) for n in range(slots)]
        self._stages = Stages(services, folder / "stages", f"{self._prefix}_stage")
        self._free: queue.Queue[int] = queue.Queue()
        for number in range(slots):
            self._free.put(number)

    @contextmanager
    def slot(
        self, name: str = "", before: Callable[[Slot], None] | None = None, **more: Any
    ) -> Iterator[Slot]:
        """`before` leads to the moment called `name`; `more`: settings of this deployment."""
        number = self._free.get()
        sandbox = self._sandboxes[number][1]
        database = f"{self._prefix}_{next(self._names)}"
        try:
            if before is None or not self._stages.has(name):
                self.services.copy(self._template, database)
            sandbox.reset()
            redis = self.services.redis_number(FIRST_REDIS + number)
            checkpoint = (self._folder / f"{database}.json").as_uri()
            told = {
                **QUICK, "CHECKPOINT_URL": checkpoint, **more,
                "INBOX_HEALTH_BASE_URL": sandbox.base_url, "REDIS_URL": redis,
            }  # fmt: skip
            slot = Slot(self._nurseries[number % len(self._nurseries)], sandbox, database, told)
            if before is not None:
                self._stages.put(slot, name, before)
            yield slot
        finally:
            self.services.drop(database)
            self._free.put(number)

    def close(self) -> None:
        for nursery in self._nurseries:
            nursery.stop()
        for child, _ in self._sandboxes:
            stop_child(child, (15, 9))
        self._stages.drop()
        self.services.drop(self._template)
