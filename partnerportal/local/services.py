"""Using the services: find or start them, hold them, let go. Imports its siblings and kernel.owner only.

with services.held():      # everything inside has PostgreSQL and Valkey; local.env has their addresses
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

from partnerportal.kernel import owner
from partnerportal.local import keeper, local_env
from partnerportal.local.layout import PROJECT, Layout, LocalError, layout
from partnerportal.local.locks import FileLock, exclusively, is_held
from partnerportal.local.ports import answers
from partnerportal.local.processes import wait_until

# Commands of manage.py that need no database.
WITHOUT_DATABASE = {"", "help", "version", "collectstatic", "findstatic", "sign_webhook", "diffsettings"}
# Commands that make use of one where there is one.
ALSO_WITHOUT = {"check", "makemigrations"}
ADDRESSES = ("DATABASE_URL", "SERVICE_DATABASE_URL")
NO_DATABASE = (
    "portal.E001: {address} is empty, and this is not local mode. Run `make demo` here once, "
    "or set {address}=postgres://user:password@host:5432/name."
)

# Longer than both services may take to start or to stop.
KEEPER_SECONDS = 45.0


class Hold:
    """One user's hold on the services; ends with `release()` or with the process, whatever it dies of."""

    def __init__(self, place: Layout, *, hasty: bool = False, throwaway: bool = False) -> None:
        self.layout = place
        place.make()
        self._lock = FileLock(place.users_lock)
        # While the last keeper is shutting down this waits; it is a matter of a second or two.
        self._lock.shared()
        with ExitStack() as undo:
            undo.callback(self._lock.close)
            with exclusively(place.start_lock):
                if not _running(place):
                    _start_keeper(place, hasty, throwaway)
            undo.pop_all()

    def alive(self) -> bool:
        return is_held(self.layout.keeper_lock)

    def release(self) -> None:
        self._lock.close()

    def release_and_wait(self) -> None:
        """Let go, and when we were the last, wait until the services have ended."""
        self.release()
        # The keeper needs a moment to notice; another user's hold shows as a lock that stays shareable.
        if wait_until(lambda: not self.alive() or is_held(self.layout.users_lock), 2.0):
            wait_until(lambda: not self.alive() or not is_held(self.layout.users_lock), KEEPER_SECONDS)


@contextmanager
def held(place: Layout | None = None) -> Iterator[Layout]:
    """PostgreSQL and Valkey for the block. Raises LocalError when they can't be started."""
    hold = Hold(place or layout())
    try:
        yield hold.layout
    finally:
        hold.release()


@contextmanager
def held_for(arguments: list[str]) -> Iterator[None]:
    """For manage.py: in local mode, services for commands that use the database.

    Raises LocalError where such a command has neither its address nor local mode (portal.E001).
    """
    place = layout()
    command = next((word for word in arguments[1:] if not word.startswith("-")), "")
    address = owner.address_of(command)
    given = [name for name in ADDRESSES if os.environ.get(name)]
    if address in given or command in WITHOUT_DATABASE or "--help" in arguments:
        yield
    elif place.env_file.exists() and not given:
        with held(place):
            yield
    elif command in ALSO_WITHOUT:
        yield
    else:
        raise LocalError(NO_DATABASE.format(address=address))


def _running(place: Layout) -> bool:
    """Whether a keeper lives and its services answer; waits for one that is just starting or stopping."""
    wait_until(lambda: not is_held(place.keeper_lock) or _answer(place), KEEPER_SECONDS)
    return is_held(place.keeper_lock)


def _answer(place: Layout) -> bool:
    known = local_env.read(place.env_file)
    ports = [urlsplit(known.get(name, "")).port for name in ("DATABASE_URL", "REDIS_URL")]
    return place.running.exists() and all(port and answers(port) for port in ports)


def _start_keeper(place: Layout, hasty: bool, throwaway: bool) -> None:
    flags = [flag for flag, wanted in (("--hasty", hasty), ("--throwaway", throwaway)) if wanted]
    with (place.log / "keeper.log").open("ab") as log:
        child = subprocess.Popen(
            [sys.executable, "-m", "partnerportal.local", "keep", *flags],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            cwd=PROJECT,
            env={**os.environ, "DATA_DIR": str(place.root)},
            start_new_session=True,
        )
    if child.stdout is None:
        raise LocalError("The keeper of the services has no output.")
    said = child.stdout.readline().decode().strip()
    child.stdout.close()
    if said != keeper.READY:
        raise LocalError(said or f"PostgreSQL and Valkey did not start; see {place.log / 'keeper.log'}")
