"""The same way as a deployment runs it: DEBUG off, gunicorn, workers and beat as docker-compose.yml says, and
the database role of the services, without the owner's address."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from playwright.sync_api import Page, expect

from partnerportal.local import local_env
from partnerportal.local.layout import PROJECT
from partnerportal.local.ports import free_port
from partnerportal.local.processes import bound_to_parent, wait_until
from tests.local.test_deployment_commands import SERVICES, empty_database, outside_local_mode
from tests.sandbox_process import KEY, Sandbox

__all__ = ["empty_database"]
PASSWORD = "a walk through a deployment"
SAMPLE = PROJECT / "partnerportal/records/imports/sample/patients.csv"
DAEMONS = ("worker", "worker-interactive", "beat")


def step(environment: dict[str, str], *words: str) -> None:
    done = subprocess.run(words, cwd=PROJECT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.fixture
def deployment(empty_database: str, sandbox: Sandbox, tmp_path: Path) -> Iterator[str]:
    """The address of a web that serves; the owner migrates, the services run under the narrow role."""
    port = free_port()
    name, at = empty_database.rpartition("/")[2], empty_database.rpartition("@")[2]
    service = f"postgres://{name}:its%20own%3Apassword@{at}"
    broker = local_env.read(Path(os.environ["DATA_DIR"]) / "local.env")["REDIS_URL"]
    environment = outside_local_mode(
        tmp_path,
        DATABASE_URL=empty_database,
        SERVICE_DATABASE_URL=service,
        REDIS_URL=urlunsplit(urlsplit(broker)._replace(path="/14")),
        PUBLIC_URL=f"http://127.0.0.1:{port}",
        INBOX_HEALTH_BASE_URL=sandbox.base_url,
        DEBUG="False",
        DEMO_PASSWORD=PASSWORD,
        DELIVERY_UNKNOWN_DELAY="2",
    )
    step(environment, *SERVICES["migrate"]["command"])
    services = {**environment, "DATABASE_URL": ""}
    step(services, sys.executable, "manage.py", "collectstatic", "--no-input")
    step(services, sys.executable, "manage.py", "create_demo_staff")
    web = [*SERVICES["web"]["command"][:-1], f"127.0.0.1:{port}"]
    commands = [web, *(SERVICES[daemon]["command"] for daemon in DAEMONS)]
    running = [start(command, services, tmp_path) for command in commands]
    try:
        assert wait_until(lambda: healthy(port), 40)
        yield f"http://127.0.0.1:{port}"
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(20)


def start(command: list[str], environment: dict[str, str], folder: Path) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", *command]
    log = (folder / f"{command[0]}-{len(list(folder.glob('*.log')))}.log").open("wb")
    return subprocess.Popen(
        words, cwd=PROJECT, env=environment, stdout=log, stderr=log, preexec_fn=bound_to_parent()
    )


def healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@pytest.mark.long
@pytest.mark.timeout(400)
def test_three_hundred_patients_arrive_once_and_the_audit_can_not_be_altered(
    page: Page, deployment: str, sandbox: Sandbox, empty_database: str
) -> None:
    said: list[str] = []
    page.set_default_timeout(120_000)  # the machine may be busy with everything else of a long run
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.goto(deployment)
    page.get_by_label("Name").fill("demo")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Connect API key").first.click()
    page.get_by_label("API key").fill(KEY)
    page.get_by_role("button", name="Test and save").click()
    page.goto(f"{deployment}/records/enterprise/add/")
    page.get_by_label("Name").first.fill("Quabbin Valley Medical Group")
    page.get_by_role("button", name="Save", exact=True).click()
    page.goto(f"{deployment}/records/patient/")
    page.get_by_role("link", name="Import a file").first.click()
    page.locator("input[type=file]").set_input_files(SAMPLE)
    page.get_by_role("button", name="Import 300 patients").click()
    page.get_by_role("button", name="Review push of 300…").click()
    page.get_by_role("button", name="Push 300 patients").click()
    expect(page.locator("main").get_by_text("300 of 300 settled").last).to_be_visible(timeout=150_000)
    sent = sandbox.records("patients")
    assert len(sent) == 300 == len({patient["health_record_id"] for patient in sent})
    refused_to_alter(empty_database)
    assert said == []


def refused_to_alter(owner: str) -> None:
    """Even the owner, who may do more than any service, meets the triggers."""
    with psycopg.connect(owner, autocommit=True) as connection:
        kept: Any = connection.execute("SELECT count(*) FROM audit_exchange").fetchone()
        assert kept[0] > 300
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM audit_exchange")
