"""As whom PostgreSQL runs, and in which folder. Imports layout only.

PostgreSQL refuses root. As root we pick an unprivileged user and a folder which that user can reach: DATA_DIR
itself where it can, else one of our own below /var/tmp. No mode of a folder that is not ours is changed.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from partnerportal.local.layout import Layout, LocalError

_OWNER = "belongs-to"


@dataclass(frozen=True)
class User:
    """An unprivileged user to run as."""

    name: str
    uid: int
    gid: int

    def run(self, *command: str | Path) -> bool:
        """Whether a command succeeds as this user."""
        try:
            done = subprocess.run(
                command,
                user=self.uid,
                group=self.gid,
                extra_groups=[],
                cwd="/",
                capture_output=True,
                check=False,
            )
        except OSError:  # the program itself is out of this user's reach
            return False
        return done.returncode == 0


def unprivileged_user() -> User | None:
    """The user to become when we are root (who must stand in the passwd file), else None."""
    if os.geteuid() != 0:
        return None
    for name in ("nobody", "postgres", "daemon"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return User(name, entry.pw_uid, entry.pw_gid)
    raise LocalError("PostgreSQL must not run as root, and there is no user nobody, postgres or daemon.")


def home(layout: Layout, user: User | None) -> Path:
    """The folder of the database, made if there is none yet and the same one ever after."""
    if layout.postgres_home.exists():
        return _recorded(layout)
    inside = layout.root / "postgres"
    inside.mkdir(mode=0o700, exist_ok=True)
    if user is None:
        return inside
    os.chown(inside, user.uid, user.gid)
    if user.run("test", "-x", inside):
        return inside
    inside.rmdir()
    return _outside(layout, user)


def _outside(layout: Layout, user: User) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="partnerportal-", dir=_reachable_place(user)))
    (folder / _OWNER).write_text(str(layout.root))
    os.chown(folder, user.uid, user.gid)
    layout.postgres_home.write_text(str(folder))
    return folder


def _reachable_place(user: User) -> str:
    for place in ("/var/tmp", tempfile.gettempdir(), "/tmp"):  # noqa: S108 - a random name below, mode 0700
        if Path(place).is_dir() and user.run("test", "-x", place):
            return place
    raise LocalError(
        f"The user {user.name} can reach neither /var/tmp nor /tmp: run as a user other than root."
    )


def _recorded(layout: Layout) -> Path:
    folder = Path(layout.postgres_home.read_text().strip())
    if not folder.is_dir() or folder.is_symlink():
        raise LocalError(
            f"The database folder {folder} is gone. To start with an empty database, remove {layout.root}."
        )
    if (folder / _OWNER).read_text() != str(layout.root):
        raise LocalError(
            f"The database in {folder} belongs to another DATA_DIR, of which {layout.root} is a copy. "
            f"Remove {layout.root} to start with an empty database."
        )
    return folder


def reachable_bin(bin_folder: Path, folder: Path, user: User | None) -> Path:
    """The programs' folder, or a copy of it in `folder` where the user can't run them where they are."""
    if user is None or _runs(bin_folder, user):
        return bin_folder
    package = bin_folder.parents[1]
    copy = folder / "programs"
    if not (copy / "complete").exists():
        shutil.rmtree(copy, ignore_errors=True)
        # The wheel's programs look for their libraries in a folder beside the package: keep both together.
        for part in (package, package.with_name(f"{package.name}.libs")):
            if part.is_dir():
                shutil.copytree(part, copy / part.name, symlinks=True)
        (copy / "complete").touch()
    copied = copy / package.name / bin_folder.relative_to(package)
    if not _runs(copied, user):
        raise LocalError(f"The user {user.name} can't run PostgreSQL from {copied}.")
    return copied


def _runs(bin_folder: Path, user: User) -> bool:
    return all(user.run(bin_folder / name, "--version") for name in ("initdb", "postgres"))
