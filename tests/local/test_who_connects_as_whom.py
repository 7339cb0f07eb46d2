"""Two addresses, in local mode as in a deployment: a few commands are the owner's, all else is a service."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from partnerportal.kernel.owner import COMMANDS
from partnerportal.local.layout import PROJECT
from tests.local.test_deployment_commands import outside_local_mode
from tests.services import FOREIGN

ASKS = """
import json, sys
sys.argv = json.loads(sys.argv[1])
from django.conf import settings
print(json.dumps([settings.LOCAL, settings.DATABASES["default"].get("USER", "")]))
"""
BOTH = {
    "DATABASE_URL": "postgres://owner:a@127.0.0.1:1/portal",
    "SERVICE_DATABASE_URL": "postgres://service:b@127.0.0.1:1/portal",
}
SERVICES = [
    "gunicorn partnerportal.wsgi:application", "celery --quiet -A partnerportal worker", "manage.py push",
    "manage.py shell", "__main__.py prepare", "pytest -n 0", "manage.py",
]  # fmt: skip


def user(command: str, environment: dict[str, str]) -> list[object]:
    """[in local mode?, the role that settings name] for a command line."""
    told = {**environment, "DJANGO_SETTINGS_MODULE": "partnerportal.settings"}
    words = [sys.executable, "-c", ASKS, json.dumps(command.split())]
    done = subprocess.run(words, cwd=PROJECT, env=told, capture_output=True, text=True, check=True)
    return list(json.loads(done.stdout))


def local() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in FOREIGN}


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_an_owners_command_is_the_owner(command: str, tmp_path: Path) -> None:
    assert user(f"manage.py {command}", local()) == [True, "portal"]
    assert user(f"manage.py {command}", outside_local_mode(tmp_path, **BOTH)) == [False, "owner"]


@pytest.mark.parametrize("command", SERVICES)
def test_everything_else_is_a_service(command: str, tmp_path: Path) -> None:
    assert user(command, local()) == [True, "portal_service"]
    assert user(command, outside_local_mode(tmp_path, **BOTH)) == [False, "service"]


def test_a_service_that_is_told_the_owners_address_alone_does_not_take_it(tmp_path: Path) -> None:
    environment = outside_local_mode(tmp_path, DATABASE_URL=BOTH["DATABASE_URL"])
    assert user("manage.py push", environment) == [False, ""]
    done = subprocess.run(
        [sys.executable, "manage.py", "push"], cwd=PROJECT, env=environment, capture_output=True, text=True
    )
    assert done.stderr.startswith("portal.E001: SERVICE_DATABASE_URL is empty")
