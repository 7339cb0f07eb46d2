"""A slot's database dumped and restored as an operator would, with PostgreSQL's own programs."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

from partnerportal.local.binaries import postgres_bin
from tests.journeys.yard import Services


def dump(services: Services, database: str, file: Path) -> None:
    """What `pg_dump --format=custom` makes of it while it is in use."""
    _run(services, "pg_dump", "--format=custom", f"--file={file}", database)


def restore(services: Services, database: str, file: Path) -> None:
    """The database as the dump has it, and nothing of what came after."""
    services.drop(database)
    _run(services, "createdb", "--template=template0", database)
    _run(services, "pg_restore", "--exit-on-error", "--jobs=2", f"--dbname={database}", str(file))


def _run(services: Services, program: str, *arguments: str) -> None:
    server = urlsplit(services.server)
    who = {"PGHOST": server.hostname, "PGPORT": str(server.port), "PGUSER": server.username}
    environment = {**os.environ, **who, "PGPASSWORD": server.password}
    subprocess.run(
        [postgres_bin() / program, *arguments],
        env={name: str(value) for name, value in environment.items()},
        check=True,
        capture_output=True,
        timeout=120,
    )
