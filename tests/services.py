"""A pytest plugin: one PostgreSQL and one Valkey for the whole run, ready before Django reads its settings.

Workers of pytest-xdist share them; each has its own database (pytest-django) and Redis number. The services
end with the run, whatever it dies of, and their folder goes with them (partnerportal.local.keeper).
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from partnerportal.local import local_env
from partnerportal.local.layout import Layout
from partnerportal.local.services import Hold

# What a developer's shell may hold must not reach the tests.
FOREIGN = [
    "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "SSN_FINGERPRINT_KEY", "DEBUG",
    "INBOX_HEALTH_API_KEY", "INBOX_HEALTH_BASE_URL", "INBOX_HEALTH_ENVIRONMENT", "PUBLIC_URL", "EMAIL_URL",
    "SERVICE_DATABASE_URL", "ALLOWED_HOSTS", "DEMO_PASSWORD", "CHECKPOINT_URL",
]  # fmt: skip
SMALL_COUNTS = {"DELIVERY_UNKNOWN_DELAY": "2", "EMAIL_URL": "memorymail://"}
hold: Hold | None = None


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """A wrapper, because it must come before pytest-django, which reads the settings in this hook."""
    if not early_config.pluginmanager.is_blocked("django") and not _only_asks(early_config):
        worker = os.environ.get("PYTEST_XDIST_WORKER")
        if worker is None:
            _start()
        else:
            _own_redis_number(int(worker.removeprefix("gw")))
    return (yield)


def pytest_unconfigure() -> None:
    if hold is not None:
        hold.release()


def _only_asks(config: pytest.Config) -> bool:
    known = config.known_args_namespace
    return bool(known.help or known.version)


def _start() -> None:
    global hold
    for name in FOREIGN:
        os.environ.pop(name, None)
    folder = Path(tempfile.mkdtemp(prefix="portal-tests-"))
    folder.chmod(0o711)  # ours, made this moment: PostgreSQL's user must be able to pass through
    os.environ.update(SMALL_COUNTS, DATA_DIR=str(folder), CHECKPOINT_URL=f"file://{folder}/checkpoint.json")
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright runs a loop in our thread
    hold = Hold(Layout(folder), hasty=True, throwaway=True)


def _own_redis_number(number: int) -> None:
    """Workers inherit the controller's environment: the Redis number and the checkpoint remain to be said.

    And the database's addresses to be forgotten, which the controller's settings took from local.env: who has
    them in the environment is outside local mode, and serves no static files.
    """
    os.environ.pop("DATABASE_URL", None)
    os.environ.pop("SERVICE_DATABASE_URL", None)
    known = local_env.read(Path(os.environ["DATA_DIR"]) / "local.env")
    os.environ["CHECKPOINT_URL"] = f"file://{os.environ['DATA_DIR']}/checkpoint-{number}.json"
    os.environ["REDIS_URL"] = urlunsplit(urlsplit(known["REDIS_URL"])._replace(path=f"/{number + 1}"))
