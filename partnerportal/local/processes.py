"""Starting programs that cannot outlive us, and knowing a process again. Imports nothing of ours.

A process id alone proves nothing (ids are used again), so a process is known by id and start time.
"""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

_PR_SET_PDEATHSIG = 1
LINUX = platform.system() == "Linux"
_LIBC = ctypes.CDLL(None) if LINUX else None


def die_with_parent(sig: int = signal.SIGKILL) -> None:
    """Ask Linux to send us `sig` when our parent dies, whatever it dies of. Elsewhere: nothing.

    Must run after a change of user (which clears the request), so in a child right before exec.
    """
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, int(sig), 0, 0, 0)


def bound_to_parent(sig: int = signal.SIGKILL) -> Callable[[], None]:
    """A preexec function for Popen; start such children from the main thread, which lives longest."""
    return lambda: die_with_parent(sig)


def identity(pid: int) -> str | None:
    """A word that this process and no other has, or None when there is no such process."""
    if LINUX:
        return _linux_identity(pid)
    seen = subprocess.run(
        ["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return seen.stdout.strip() or None


def _linux_identity(pid: int) -> str | None:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return None
    # The command name stands in brackets and may contain anything; fields count from the last bracket.
    state, *rest = stat.rpartition(")")[2].split()
    return None if state in "ZX" else f"{boot}:{rest[18]}"


def command_line(pid: int) -> str:
    """What the process was started with, arguments separated by blanks; empty when it is gone."""
    if LINUX:
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    seen = subprocess.run(
        ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return seen.stdout.strip()


def stop_known(pid: int, known: str, signals: tuple[int, ...], patience: float = 5.0) -> None:
    """Stop the process if it is still the one called `known`; each signal gets `patience` seconds."""
    for sig in signals:
        if identity(pid) != known:
            return
        os.kill(pid, sig)
        if wait_until(lambda: identity(pid) != known, patience):
            return


def stop_child(child: subprocess.Popen[bytes], signals: tuple[int, ...], patience: float = 5.0) -> None:
    """Stop a child of ours and reap it; one signal after the other, `patience` seconds each."""
    for sig in signals:
        if child.poll() is not None:
            return
        child.send_signal(sig)
        try:
            child.wait(patience)
        except subprocess.TimeoutExpired:
            continue


def wait_until(true: Callable[[], bool], seconds: float, step: float = 0.05) -> bool:
    """Ask again and again until it is so (True) or the seconds are over (False)."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(step)
    return True
