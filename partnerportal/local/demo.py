"""`make demo`: everything the portal needs, in the foreground, until Ctrl-C. Imports its siblings only."""

from __future__ import annotations

import signal
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from partnerportal.local import demo_env, programs
from partnerportal.local.children import Child, run_step, say, stop_all
from partnerportal.local.layout import Layout, LocalError
from partnerportal.local.locks import FileLock
from partnerportal.local.ports import LOOPBACK, answers, require_free
from partnerportal.local.programs import Program
from partnerportal.local.services import Hold

START_SECONDS = 60.0


def run(layout: Layout) -> int:
    """Start all, wait for Ctrl-C, stop all. Raises LocalError, one line, when something is in the way."""
    layout.make()
    with _only_one(layout), _interruptible():
        portal, sandbox = demo_env.port("PORTAL_PORT", 8000), demo_env.port("SANDBOX_PORT", 8001)
        require_free(portal, "PORTAL_PORT")
        require_free(sandbox, "SANDBOX_PORT")
        say("Starting PostgreSQL and Valkey …")
        hold = Hold(layout)
        children: list[Child] = []
        try:
            _serve(layout, hold, children, portal, sandbox)
        except KeyboardInterrupt:
            say("Stopping …")
        finally:
            _ignore_signals()
            stop_all(children)
            hold.release_and_wait()
    say("Stopped.")
    return 0


@contextmanager
def _only_one(layout: Layout) -> Iterator[None]:
    lock = FileLock(layout.demo_lock)
    try:
        if not lock.try_exclusive():
            raise LocalError(f"The demo already runs in {layout.root}; that one is left alone.")
        yield
    finally:
        lock.close()


@contextmanager
def _interruptible() -> Iterator[None]:
    """A closed terminal or a polite kill is the same as Ctrl-C."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    for sig in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(sig, interrupt)
    try:
        yield
    except KeyboardInterrupt:
        say("Stopped.")
        sys.exit(0)


def _ignore_signals() -> None:
    """A second Ctrl-C must not interrupt the stopping: it would leave processes behind."""
    for sig in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(sig, signal.SIG_IGN)


def _serve(layout: Layout, hold: Hold, children: list[Child], portal: int, sandbox: int) -> None:
    known = demo_env.configure(layout, portal, sandbox)
    environment = demo_env.for_children(layout, known)
    box = Program("sandbox", programs.sandbox(sandbox, layout.root / "sandbox"))
    children.append(Child(box, layout, environment))
    _wait_for(lambda: answers(sandbox), children, "sandbox")
    say("Preparing the database and the sample data …")
    for step in (programs.MIGRATE, programs.PREPARE):
        run_step(step, layout, environment, children)
    say("Starting the portal …")
    for program in programs.of_the_portal(layout, portal):
        children.append(Child(program, layout, environment))
    _wait_for(lambda: _healthy(portal), children, "web")
    for line in demo_env.announcement(layout, portal, sandbox, known):
        say(line)
    _watch(hold, children)


def _wait_for(ready: Callable[[], bool], children: list[Child], what: str) -> None:
    end = time.monotonic() + START_SECONDS
    while not ready():
        _require_alive(children)
        if time.monotonic() > end:
            log = next(child.log for child in children if child.name == what)
            raise LocalError(f"{what} did not answer within {START_SECONDS:.0f} s; its log: {log}")
        time.sleep(0.1)


def _healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _watch(hold: Hold, children: list[Child]) -> None:
    """Until Ctrl-C. A child that ends is started again, and the keeper does the same for the services."""
    services = hold.layout.running.read_text()
    while True:
        for child in children:
            child.keep_running()
        if not hold.alive():
            raise LocalError(f"PostgreSQL and Valkey can't be kept running; see {hold.layout.log}")
        if (known := hold.layout.running.read_text()) != services:
            services = known
            say(f"PostgreSQL or Valkey ended and was started again. Their logs are in {hold.layout.log}")
        time.sleep(0.3)


def _require_alive(children: list[Child]) -> None:
    for child in children:
        if child.ended:
            raise child.failure("ended")
