"""A process that has loaded Django once and forks workers: real processes, killed with -9 like any other.

Lines of JSON come in on stdin, one a child: {"id", "act", "arguments", "environment"}; for each child that
has ended one goes out: {"id", "status", "result"}. A negative status is the signal that ended it.
"""

from __future__ import annotations

import json
import os
import selectors
import sys
import traceback
from typing import Any

import django

from partnerportal.local.processes import die_with_parent


def main() -> None:
    django.setup()
    from tests.journeys import acts  # Django must be up first  # noqa: PLC0415

    children: dict[int, tuple[int, int, bytearray]] = {}  # pipe → (id, process, what it said)
    watch = selectors.DefaultSelector()
    watch.register(sys.stdin.buffer.raw, selectors.EVENT_READ)
    heard = bytearray()
    _say({"id": 0, "status": 0, "result": "ready"})
    while True:
        for key, _ in watch.select():
            if key.fd == 0:
                more = os.read(0, 65_536)
                if not more:
                    return
                heard += more
                *lines, rest = bytes(heard).split(b"\n")
                heard[:] = rest
                for line in lines:
                    order = json.loads(line)
                    pipe, process = _fork(acts, order)
                    children[pipe] = (order["id"], process, bytearray())
                    watch.register(pipe, selectors.EVENT_READ)
                continue
            number, process, said = children[key.fd]
            more = os.read(key.fd, 65_536)
            said += more
            if not more:
                watch.unregister(key.fd)
                os.close(key.fd)
                del children[key.fd]
                status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
                _say({"id": number, "status": status, "result": json.loads(said or b"null")})


def _fork(acts: Any, order: dict[str, Any]) -> tuple[int, int]:
    come, go = os.pipe()
    process = os.fork()
    if process:
        os.close(go)
        return come, process
    os.close(come)
    die_with_parent()
    status = 1
    try:
        settle_in(order["environment"])
        result = acts.ACTS[order["act"]](**order["arguments"])
        os.write(go, json.dumps(result).encode())
        status = 0
    except BaseException:  # whatever it was is the test's to see
        os.write(go, json.dumps(traceback.format_exc()).encode())
    os._exit(status)


def settle_in(environment: dict[str, Any]) -> None:
    """In the child: its database, its Redis number, its sandbox, its crash point."""
    from celery import current_app  # noqa: PLC0415
    from django.conf import settings  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415

    os.environ.update({name: str(value) for name, value in environment["variables"].items()})
    connections.settings["default"]["NAME"] = environment["database"]
    for name, value in environment["settings"].items():
        setattr(settings, name, value)
    settings.CELERY_BROKER_URL = current_app.conf.broker_url = settings.REDIS_URL


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
