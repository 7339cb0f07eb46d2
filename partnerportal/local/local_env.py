"""DATA_DIR/local.env: addresses and made-up secrets of local mode, readable by its owner only.

settings.py reads it. Owns the file; imports layout only.
"""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Callable
from pathlib import Path

_SECRETS: dict[str, Callable[[], str]] = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(48),
    "FIELD_ENCRYPTION_KEYS": lambda: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    "SSN_FINGERPRINT_KEY": lambda: secrets.token_urlsafe(32),
    "POSTGRES_PASSWORD": lambda: secrets.token_urlsafe(18),
    "SERVICE_PASSWORD": lambda: secrets.token_urlsafe(18),
    "VALKEY_PASSWORD": lambda: secrets.token_urlsafe(18),
}


def read(path: Path) -> dict[str, str]:
    """The variables of the file; none when it does not exist. Lines are NAME=value, without quotes."""
    try:
        lines = path.read_text().splitlines()
    except FileNotFoundError:
        return {}
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def update(path: Path, values: dict[str, str]) -> dict[str, str]:
    """Add or replace variables, make up the secrets that are missing, and return all of them.

    Written beside and moved into place: a reader sees the old file or the new one, never half of it.
    """
    known = read(path)
    wanted = {**{name: make() for name, make in _SECRETS.items() if name not in known}, **known, **values}
    if wanted != known:
        _write(path, wanted)
    return wanted


def _write(path: Path, values: dict[str, str]) -> None:
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    fd = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(fd, "w") as file:
        file.write(
            "# Made by local mode: addresses and made-up secrets of this folder. Not for a deployment.\n"
        )
        file.writelines(f"{name}={value}\n" for name, value in values.items())
    beside.replace(path)
