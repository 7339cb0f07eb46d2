"""Which processes belong to a folder: by command line or by environment. Reads /proc; Linux only."""

from __future__ import annotations

import os
from pathlib import Path


def processes_of(folder: Path) -> dict[int, str]:
    """Command lines by process id of everything that names `folder`, ourselves and the dead excepted."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        command, surroundings = _read(entry / "cmdline"), _read(entry / "environ")
        if command and (str(folder) in command or f"DATA_DIR={folder}" in surroundings):
            found[int(entry.name)] = command
    return found


def _read(path: Path) -> str:
    try:
        return path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""
