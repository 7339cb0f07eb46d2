"""Where local mode keeps its things below DATA_DIR. Owns the names of files; imports nothing of ours."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent


class LocalError(Exception):
    """Something the person at the terminal can mend; its text is one line and is all they are shown."""


@dataclass(frozen=True)
class Layout:
    """The files of one DATA_DIR. `root` is absolute."""

    root: Path

    @property
    def env_file(self) -> Path:
        return self.root / "local.env"

    @property
    def log(self) -> Path:
        return self.root / "log"

    @property
    def users_lock(self) -> Path:
        """Shared by everyone who uses the services; the keeper gets it exclusively once nobody does."""
        return self.root / "users.lock"

    @property
    def start_lock(self) -> Path:
        """Held for the moments in which someone finds or starts the keeper."""
        return self.root / "start.lock"

    @property
    def keeper_lock(self) -> Path:
        """Held by the keeper for as long as it lives; the kernel frees it whatever the keeper dies of."""
        return self.root / "keeper.lock"

    @property
    def demo_lock(self) -> Path:
        return self.root / "demo.lock"

    @property
    def running(self) -> Path:
        """Process ids and start times of the services, so that leftovers can be told from strangers."""
        return self.root / "running.json"

    @property
    def postgres_home(self) -> Path:
        """Names the folder of the database when it lies outside DATA_DIR (see postgres_home.py)."""
        return self.root / "postgres.home"

    def make(self) -> None:
        """Create the folders. Those with contents of their own are closed to other users."""
        self.root.mkdir(mode=0o711, parents=True, exist_ok=True)
        for name in ("log", "mail", "sandbox", "valkey", "files", "static"):
            (self.root / name).mkdir(mode=0o700, exist_ok=True)


def layout() -> Layout:
    """The layout of this folder's DATA_DIR (the environment's, else `var/` beside manage.py)."""
    return Layout(Path(os.environ.get("DATA_DIR") or PROJECT / "var").resolve())
