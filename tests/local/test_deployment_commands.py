"""The commands of Dockerfile and docker-compose.yml that `make demo` does not run, run for real."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import psycopg
import pytest
import redis
import yaml
from psycopg import sql

from partnerportal.local import local_env
from partnerportal.local.binaries import valkey_server
from partnerportal.local.layout import PROJECT
from partnerportal.local.ports import free_port
from partnerportal.local.processes import bound_to_parent, wait_until
from tests.services import FOREIGN

SERVICES = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())["services"]
DOCKERFILE = (PROJECT / "Dockerfile").read_text()
SECRETS = {"SECRET_KEY": "only-for-this-test", "SSN_FINGERPRINT_KEY": "only-for-this-test"}
SECRETS |= {"FIELD_ENCRYPTION_KEYS": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="}


def outside_local_mode(tmp_path: Path, **variables: str) -> dict[str, str]:
    """The environment of a container: nothing of the tests' own, `python` is this interpreter."""
    clean = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    folder = str(Path(sys.executable).parent)
    place = {"DATA_DIR": str(tmp_path), "CHECKPOINT_URL": (tmp_path / "checkpoint.json").as_uri()}
    return {**clean, **SECRETS, **place, "PATH": f"{folder}:{clean['PATH']}", **variables}


@pytest.fixture
def empty_database() -> Iterator[str]:
    """The address of a new database, dropped at the end together with the role that the test makes."""
    url = local_env.read(Path(os.environ["DATA_DIR"]) / "local.env")["DATABASE_URL"]
    name = f"deployment_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield url.removesuffix("/portal") + f"/{name}"
        owner.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
        owner.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(name)))


def test_the_migration_step_makes_a_role_with_its_rights_and_no_others(
    empty_database: str, tmp_path: Path
) -> None:
    role = empty_database.rpartition("/")[2]
    place = empty_database.rpartition("@")[2]
    service = f"postgres://{role}:its%20own%3Apassword@{place}"
    environment = outside_local_mode(tmp_path, DATABASE_URL=empty_database, SERVICE_DATABASE_URL=service)
    for _ in range(2):  # a deployment runs it each time
        done = subprocess.run(
            SERVICES["migrate"]["command"], cwd=PROJECT, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
    assert f"{role} has its rights on" in done.stdout
    assert (tmp_path / "checkpoint.json").exists()
    compare = (
        "from partnerportal.audit import checkpoint as c; print(c.renew(), len(c.look().sequences) > 50)"
    )
    as_service = {**environment, "SERVICE_DATABASE_URL": service, "DATABASE_URL": ""}
    said = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", compare],
        cwd=PROJECT, env=as_service, capture_output=True, text=True,
    )  # fmt: skip
    assert said.stdout.strip() == "None True", said.stderr
    with psycopg.connect(service, autocommit=True) as connection:
        assert connection.execute("SELECT count(*) FROM audit_exchange").fetchone() == (0,)
        for refused in (
            "UPDATE audit_exchange SET id = id",
            "DELETE FROM audit_entry",
            "TRUNCATE audit_answer",
            "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
            "DROP TRIGGER audit_append_only_rows ON audit_entry",
            "SET session_replication_role = replica",
            "CREATE ROLE another",
            "DELETE FROM django_migrations",
            "UPDATE auth_group SET name = name",
            "DELETE FROM audit_data_key",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(refused)
        for allowed in ("UPDATE accounts_staff SET email = email", "DELETE FROM django_session"):
            connection.execute(allowed)
        rights = "SELECT has_column_privilege('audit_exchange', 'actor', 'INSERT')"
        assert connection.execute(rights).fetchone() == (True,)


@pytest.mark.long
def test_the_owner_is_refused_as_a_service(empty_database: str, tmp_path: Path) -> None:
    environment = outside_local_mode(
        tmp_path, DATABASE_URL=empty_database, SERVICE_DATABASE_URL=empty_database
    )
    subprocess.run([sys.executable, "manage.py", "migrate"], cwd=PROJECT, env=environment, check=True)
    command = [sys.executable, "manage.py", "grant_service_role"]
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True)
    assert done.returncode != 0
    assert "the role that owns the tables" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_empty_database_url_is_refused_outside_local_mode(tmp_path: Path) -> None:
    environment = outside_local_mode(tmp_path)
    for command in (["migrate"], ["shell", "-c", "1"]):
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=PROJECT,
            env=environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode != 0
        address = "DATABASE_URL" if command == ["migrate"] else "SERVICE_DATABASE_URL"
        assert done.stderr.startswith(f"portal.E001: {address} is empty")
        assert len(done.stderr.splitlines()) == 1
    checked = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=PROJECT, env=environment, capture_output=True, text=True
    )
    assert "(portal.E001)" in checked.stderr


@pytest.mark.long
def test_the_broker_starts_with_its_command_line_and_asks_for_the_password(tmp_path: Path) -> None:
    port = free_port()
    shell, option, line = SERVICES["redis"]["command"]
    line = (
        line.replace("$$", "$").replace("valkey-server", str(valkey_server())).replace("/data", str(tmp_path))
    )
    server = subprocess.Popen(
        [shell, option, f"{line} --port {port} --bind 127.0.0.1"],
        cwd=tmp_path,
        env={**os.environ, "REDISCLI_AUTH": "a-password"},
        stdout=subprocess.DEVNULL,
        preexec_fn=bound_to_parent(),
    )
    try:
        client = redis.Redis(port=port, password="a-password")
        assert wait_until(lambda: _pings(client), 10)
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(port=port).ping()
    finally:
        server.kill()
        server.wait()


def _pings(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False


@pytest.mark.long
def test_static_files_are_collected_without_database_and_with_a_key_for_this_command_only(
    tmp_path: Path,
) -> None:
    step = re.search(r"^RUN SECRET_KEY=(\S+) (python manage\.py collectstatic .*)$", DOCKERFILE, re.MULTILINE)
    assert step is not None
    clean = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    environment = {**clean, "DATA_DIR": str(tmp_path), "SECRET_KEY": step[1]}
    words = [sys.executable, *step[2].split()[1:]]
    subprocess.run(words, cwd=PROJECT, env=environment, check=True, capture_output=True)
    assert (PROJECT / "staticfiles" / "staticfiles.json").exists()


class _Healthy(BaseHTTPRequestHandler):
    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status if self.path == "/healthz" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing on the screen."""


@pytest.mark.parametrize(("status", "healthy"), [(200, True), (503, False)])
def test_the_health_check_says_what_the_web_answers(status: int, healthy: bool) -> None:
    script = SERVICES["web"]["healthcheck"]["test"][-1]
    assert script in DOCKERFILE
    handler = type("Answering", (_Healthy,), {"status": status})
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        here = script.replace("127.0.0.1:8000", f"127.0.0.1:{server.server_port}")
        done = subprocess.run([sys.executable, "-c", here], capture_output=True)
        server.shutdown()
    assert (done.returncode == 0) is healthy
    assert urllib.request  # the script uses it; see there


def test_the_image_runs_as_nobody_special_and_takes_no_secret_in() -> None:
    last = DOCKERFILE.rpartition("\nUSER ")[2].splitlines()[0]
    assert last not in ("root", "0")
    taken = (PROJECT / ".dockerignore").read_text().splitlines()
    assert "*" in taken
    assert not [line for line in taken if line.startswith("!.") or line in ("!var", "!.env")]
