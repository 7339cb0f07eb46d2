"""The demo's children: started, their lines written to their logs, stopped together. Imports siblings.

Each leads a process group of its own, so that Ctrl-C reaches the runner alone, and dies with the runner.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections import deque
from pathlib import Path
from typing import IO, TextIO

from partnerportal.local.layout import PROJECT, Layout, LocalError
from partnerportal.local.processes import bound_to_parent, wait_until
from partnerportal.local.programs import Program
from partnerportal.local.restarting import Pauses

SCREEN_WIDTH = 150
LAST_LINES = 5  # shown of a program that ended by itself
# A second for each to say good-bye would be long; whoever needs more is safe to kill (law 1, law 2).
STOP_SECONDS = 6.0


class Child:
    """A running program. Its output goes to DATA_DIR/log/NAME.log; its last lines are kept for a failure."""

    def __init__(self, program: Program, layout: Layout, environment: dict[str, str]) -> None:
        self.name, self._program, self._environment = program.name, program, environment
        self.log = layout.log / f"{program.name}.log"
        self._pauses = Pauses()
        self._start()

    def _start(self) -> None:
        self.process = subprocess.Popen(
            self._program.argv(),
            cwd=PROJECT,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=bound_to_parent(),
        )
        self._last: deque[str] = deque(maxlen=LAST_LINES)
        self._reader = threading.Thread(target=self._copy, args=(self.process.stdout,), daemon=True)
        self._reader.start()

    def _copy(self, output: IO[bytes]) -> None:
        with _open_private(self.log) as log:
            for raw in output:
                line = raw.decode(errors="replace").rstrip()
                log.write(f"{time.strftime('%H:%M:%S')} {self.name} | {line}\n")
                log.flush()
                self._last.append(line)

    @property
    def ended(self) -> bool:
        return self.process.poll() is not None

    def keep_running(self) -> None:
        """Start it again where it ended: at once, or after a pause where it keeps ending. Says so."""
        if self.ended and self._pauses.due is None:
            self.signal_group(signal.SIGKILL)  # what it had started and left
            status, pause = self.process.returncode, self._pauses.ended()
            say(f"{self.name} ended (exit status {status}); it starts again{_in(pause)}. Its log: {self.log}")
        if self._pauses.is_due:
            self.finish()
            self._start()
            self._pauses.begun()

    def signal_group(self, sig: int) -> None:
        """Signal the child and what it started. The group outlives its leader while anyone is in it."""
        try:
            os.killpg(self.process.pid, sig)
        except (ProcessLookupError, PermissionError):
            return

    def finish(self) -> None:
        """Wait for its last lines."""
        self._reader.join(1.0)

    def failure(self, what: str) -> LocalError:
        """Show its last lines, shortened; the error says `what` became of it and names its log."""
        self.finish()
        for line in self._last:
            say(f"{self.name:>11} | {line}"[:SCREEN_WIDTH])
        return LocalError(f"{self.name} {what} (exit status {self.process.returncode}); its log: {self.log}")


def _open_private(path: Path) -> TextIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a")


def _in(pause: float) -> str:
    return f" in {pause:.0f} s" if pause else ""


def say(line: str) -> None:
    """A line on the screen; a screen that has gone is no error."""
    try:
        print(line, flush=True)
    except (BrokenPipeError, ValueError):
        return


def run_step(program: Program, layout: Layout, environment: dict[str, str], running: list[Child]) -> None:
    """Run a program to its end; LocalError naming its log when it fails."""
    child = Child(program, layout, environment)
    running.append(child)
    status = child.process.wait()
    child.finish()
    running.remove(child)
    if status != 0:
        raise child.failure("failed")


def stop_all(children: list[Child]) -> None:
    """Ask all at once, wait some seconds, then kill what is left, grandchildren included."""
    for child in children:
        child.signal_group(signal.SIGTERM)
    wait_until(lambda: all(child.ended for child in children), STOP_SECONDS)
    for child in children:
        child.signal_group(signal.SIGKILL)
        child.process.wait()
        child.finish()
