"""The process that owns PostgreSQL and Valkey, and ends them when the last user has gone.

Users hold a shared lock which the kernel frees whatever they die of; the keeper waits to get it alone.
Imports its siblings only.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import threading
import time

from partnerportal.local import local_env
from partnerportal.local.layout import Layout, LocalError
from partnerportal.local.locks import FileLock
from partnerportal.local.ports import is_free
from partnerportal.local.postgres import Postgres
from partnerportal.local.processes import identity, stop_known, wait_until
from partnerportal.local.restarting import Pauses
from partnerportal.local.valkey import Valkey

READY = "ready"
PORT_SECONDS = 10.0
_STOP = (signal.SIGQUIT, signal.SIGTERM, signal.SIGKILL)


def keep(layout: Layout, hasty: bool = False, throwaway: bool = False) -> int:
    """Run the services until nobody uses them; `throwaway` removes DATA_DIR at the end (tests).

    Says `ready`, or one line with what is wrong, on standard output. Returns the exit status.
    """
    alone = FileLock(layout.keeper_lock)
    # Whoever asks "is there a keeper?" holds the lock for a moment; hence a second of patience.
    if not wait_until(alone.try_exclusive, 1.0):
        return 0
    for sig in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(sig, lambda *_: sys.exit(1))
    services: list[Postgres | Valkey] = []
    try:
        _start(layout, services, hasty)
        _say(READY)
        return _wait(layout, services)
    except LocalError as error:
        _say(str(error))
        return 1
    finally:
        for service in reversed(services):
            service.stop()
        layout.running.unlink(missing_ok=True)
        if throwaway:
            _throw_away(layout)


def _start(layout: Layout, services: list[Postgres | Valkey], hasty: bool) -> None:
    layout.make()
    _stop_leftovers(layout)
    known = local_env.update(layout.env_file, {})
    valkey, postgres = Valkey(layout, known, hasty), Postgres(layout, known, hasty)
    services += [valkey, postgres]
    for service in services:
        print(time.strftime("%F %T"), service.described, file=sys.stderr, flush=True)
        service.start()
        _note(layout, services)
    _tell_addresses(layout, services)


def _tell_addresses(layout: Layout, services: list[Postgres | Valkey]) -> None:
    for service in services:
        local_env.update(layout.env_file, service.addresses)


def _say(line: str) -> None:
    """Tell whoever started us, who may have gone meanwhile."""
    try:
        print(line, flush=True)
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115


def _note(layout: Layout, services: list[Postgres | Valkey]) -> None:
    pids = [service.child.pid for service in services if service.child]
    layout.running.write_text(json.dumps({str(pid): identity(pid) for pid in pids}))


def _stop_leftovers(layout: Layout) -> None:
    """End what an earlier keeper left, if it is the very process noted (macOS has no death signal)."""
    try:
        noted = json.loads(layout.running.read_text())
    except (OSError, ValueError):
        return
    for pid, known in noted.items():
        if known:
            stop_known(int(pid), known, _STOP)


def _wait(layout: Layout, services: list[Postgres | Valkey]) -> int:
    """Until nobody uses the services; returns 0. One that dies is started again, where its users know it.

    Raises LocalError where it can't be.
    """
    pauses = {service.name: Pauses() for service in services}
    users = FileLock(layout.users_lock)
    unused = threading.Event()

    def wait_alone() -> None:
        users.exclusive()
        unused.set()

    threading.Thread(target=wait_alone, daemon=True).start()
    while not unused.wait(0.5):
        for service in services:
            _keep_running(layout, services, service, pauses[service.name])
    return 0


def _keep_running(
    layout: Layout, services: list[Postgres | Valkey], service: Postgres | Valkey, pauses: Pauses
) -> None:
    if service.child is not None and service.child.poll() is not None and pauses.due is None:
        print(time.strftime("%F %T"), f"{service.name} ended; it starts again", file=sys.stderr, flush=True)
        pauses.ended()
    if pauses.is_due:
        # Its users know this port; what the dead one left of it is gone in a moment.
        wait_until(lambda: is_free(service.port), PORT_SECONDS)
        service.start()
        pauses.begun()
        _note(layout, services)
        _tell_addresses(layout, services)


def _throw_away(layout: Layout) -> None:
    if layout.postgres_home.exists():
        shutil.rmtree(layout.postgres_home.read_text(), ignore_errors=True)
    shutil.rmtree(layout.root, ignore_errors=True)
