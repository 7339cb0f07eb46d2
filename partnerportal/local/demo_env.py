"""What the demo is told by its environment, and what it tells its programs and people. Imports siblings."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from partnerportal.local import local_env
from partnerportal.local.layout import PROJECT, Layout, LocalError
from partnerportal.local.ports import LOOPBACK

# What a shell may hold for another deployment; here local.env says it.
_NOT_OURS = ("DATABASE_URL", "REDIS_URL", "SERVICE_DATABASE_URL", "PUBLIC_URL", "EMAIL_URL")
# No list of processes shows what comes by the environment.
_FOR_CHILDREN = ("DEMO_PASSWORD", "INBOX_HEALTH_API_KEY", "SANDBOX_PASSWORD")
# Celery advises against root in four lines a worker; root in a throw-away container is who often runs a demo.
_NO_ADVICE = "ignore:You're running the worker with superuser privileges"


def port(variable: str, default: int) -> int:
    said = os.environ.get(variable) or str(default)
    if not said.isdigit() or not 0 < int(said) < 65536:
        raise LocalError(f"{variable}={said} is not a port number.")
    return int(said)


def configure(layout: Layout, portal: int, sandbox: int) -> dict[str, str]:
    """Write to local.env what this run's addresses are, so that manage.py beside it agrees."""
    before = local_env.read(layout.env_file)
    made_up: dict[str, Callable[[], str]] = {
        "DEMO_PASSWORD": lambda: f"demo-{secrets.token_urlsafe(9)}",
        "SANDBOX_PASSWORD": lambda: f"sandbox-{secrets.token_urlsafe(9)}",
        "INBOX_HEALTH_API_KEY": lambda: f"sandbox_{secrets.token_urlsafe(24)}",
    }
    chosen = {name: os.environ.get(name) or before.get(name) or make() for name, make in made_up.items()}
    here = f"http://{LOOPBACK}:{sandbox}/partner/v2"
    return local_env.update(
        layout.env_file,
        {
            **chosen,
            "PUBLIC_URL": f"http://{LOOPBACK}:{portal}",
            "INBOX_HEALTH_BASE_URL": os.environ.get("INBOX_HEALTH_BASE_URL") or here,
            # One slash more than looks right: django-environ takes the first one away.
            "EMAIL_URL": f"filemail:///{quote(str(layout.root / 'mail'))}",
        },
    )


def for_children(layout: Layout, known: dict[str, str]) -> dict[str, str]:
    """The environment of the demo's programs: the person's own, without other deployments' addresses."""
    ours = {name: value for name, value in os.environ.items() if name not in _NOT_OURS}
    secrets_by_name = {name: known[name] for name in _FOR_CHILDREN}
    quiet = ",".join(filter(None, (os.environ.get("PYTHONWARNINGS"), _NO_ADVICE)))
    here = {"DATA_DIR": str(layout.root), "PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": quiet}
    return {**ours, **secrets_by_name, **here}


def announcement(layout: Layout, portal: int, sandbox: int, known: dict[str, str]) -> list[str]:
    """The lines that a person waits for."""
    password, key = known["DEMO_PASSWORD"], known["INBOX_HEALTH_API_KEY"]
    return [
        f"Portal ready at http://{LOOPBACK}:{portal}/  sign in as: demo  password: {password}",
        f"Sandbox (a local Inbox Health) at http://{LOOPBACK}:{sandbox}/  its API key: {key}",
        f"Sandbox page: http://{LOOPBACK}:{sandbox}/api  sign in as demo / {known['SANDBOX_PASSWORD']}",
        f"Logs in {_shown(layout.log)}. Ctrl-C stops everything.",
    ]


def _shown(path: Path) -> Path:
    return path.relative_to(PROJECT) if path.is_relative_to(PROJECT) else path
