"""A process that has loaded Django once and forks workers: real processes, killed with -9 like any other.

Lines of JSON come in on stdin: {"id", "act", "arguments", "environment"} makes a child, {"kill": id} ends one
with -9. For each child that has ended a line goes out: {"id", "status", "result"}; a negative status is the
signal that ended it.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import sys
import traceback
from dataclasses import dataclass, field
from typing import Any

import django

from partnerportal.local.processes import die_with_parent


@dataclass
class Child:
    number: int
    process: int
    said: bytearray = field(default_factory=bytearray)


class Nursery:
    """One thread, and no database connection of its own: what forks must hold nothing."""

    def __init__(self, acts: dict[str, Any]) -> None:
        self._acts = acts
        self._children: dict[int, Child] = {}  # by the pipe that it speaks through
        self._watch = selectors.DefaultSelector()
        self._watch.register(0, selectors.EVENT_READ)
        self._heard = bytearray()

    def run(self) -> None:
        """Until stdin ends."""
        _say({"id": 0, "status": 0, "result": "ready"})
        while True:
            for key, _ in self._watch.select():
                more = os.read(key.fd, 65_536)
                if key.fd != 0:
                    self._listen(key.fd, more)
                elif more:
                    self._obey(more)
                else:
                    return

    def _obey(self, more: bytes) -> None:
        self._heard += more
        *lines, rest = bytes(self._heard).split(b"\n")
        self._heard[:] = rest
        for line in lines:
            order = json.loads(line)
            if "kill" in order:
                self._kill(order["kill"])
            else:
                self._fork(order)

    def _fork(self, order: dict[str, Any]) -> None:
        come, go = os.pipe()
        process = os.fork()
        if process == 0:
            os.close(come)
            live(self._acts, order, go)
        os.close(go)
        self._children[come] = Child(order["id"], process)
        self._watch.register(come, selectors.EVENT_READ)

    def _kill(self, number: int) -> None:
        for child in self._children.values():
            if child.number == number:
                os.kill(child.process, signal.SIGKILL)

    def _listen(self, pipe: int, more: bytes) -> None:
        child = self._children[pipe]
        child.said += more
        if not more:
            self._watch.unregister(pipe)
            os.close(pipe)
            del self._children[pipe]
            status = os.waitstatus_to_exitcode(os.waitpid(child.process, 0)[1])
            _say({"id": child.number, "status": status, "result": _read(bytes(child.said))})


def live(acts: dict[str, Any], order: dict[str, Any], go: int) -> None:
    """The child's whole life."""
    die_with_parent()
    status = 1
    try:
        settle_in(order["environment"])
        said: Any = acts[order["act"]](**order["arguments"])
        status = 0
    except BaseException:  # whatever it was is the test's to see
        said = traceback.format_exc()
    with os.fdopen(go, "wb") as out:
        out.write(json.dumps(said).encode())
    os._exit(status)


def settle_in(environment: dict[str, Any]) -> None:
    """In the child: its database, its Redis number, its sandbox, its crash point."""
    from celery import current_app  # Django must be up first
    from django.conf import settings
    from django.db import connections

    os.environ.update({name: str(value) for name, value in environment["variables"].items()})
    connections.settings["default"]["NAME"] = environment["database"]
    for name, value in environment["settings"].items():
        setattr(settings, name, value)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # as all tests do
    settings.CELERY_BROKER_URL = current_app.conf.broker_url = settings.REDIS_URL


def _read(said: bytes) -> Any:
    """What it said; one that was killed in the middle of a word said nothing."""
    try:
        return json.loads(said or b"null")
    except ValueError:
        return None


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    django.setup()
    from tests.journeys.acts import ACTS  # Django must be up first

    Nursery(ACTS).run()
