"""The deployment's proxy, with the Caddyfile as it is: half-open connections stop nobody."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from partnerportal.local import programs
from partnerportal.local.layout import PROJECT
from partnerportal.local.ports import answers, free_port
from partnerportal.local.processes import wait_until
from partnerportal.local.programs import Program

HALF = {
    "headers": b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
    "body": b"POST /webhooks/x/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    b'Content-Length: 1000\r\n\r\n{"id":',
}
CLIENTS = 16  # more than the web server has threads


def caddy() -> str:
    found = shutil.which("caddy")
    if found is None:
        if os.environ.get("REQUIRE_CADDY") == "1":
            pytest.fail("No caddy found: apt-get install caddy")
        pytest.skip("No caddy found: apt-get install caddy")
    return str(found)


@contextmanager
def running(command: list[str], port: int, log: Path, **more: str) -> Iterator[None]:
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=PROJECT, env={**os.environ, **more}, stdout=output, stderr=output
        )
    try:
        assert wait_until(lambda: answers(port), 60), log.read_text()
        yield
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture
def web(tmp_path: Path) -> Iterator[int]:
    port = free_port()
    command = Program("web", programs.web(f"127.0.0.1:{port}")).argv()
    with running(command, port, tmp_path / "web.log", PROXY_COUNT="1"):
        assert wait_until(lambda: healthy(port), 60), (tmp_path / "web.log").read_text()
        yield port


@pytest.fixture
def proxy(web: int, tmp_path: Path) -> Iterator[int]:
    port, program = free_port(), caddy()
    version = subprocess.run([program, "version"], capture_output=True, text=True, check=True).stdout
    numbers = tuple(map(int, re.findall(r"\d+", version)[:3]))
    old = {"PORTAL_BUFFERS": "buffer_requests"} if numbers < (2, 6, 3) else {}
    command = [program, "run", "--config", "docs/Caddyfile", "--adapter", "caddyfile"]
    surroundings = {
        "PORTAL_ADDRESS": f"http://127.0.0.1:{port}", "PORTAL_UPSTREAM": f"127.0.0.1:{web}",
        "HOME": str(tmp_path), **old,
    }  # fmt: skip
    with running(command, port, tmp_path / "caddy.log", **surroundings):
        yield port


def healthy(port: int, seconds: float = 5.0) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=seconds) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@contextmanager
def half_open(port: int, part: str) -> Iterator[None]:
    with ExitStack() as kept:
        for _ in range(CLIENTS):
            client = kept.enter_context(socket.create_connection(("127.0.0.1", port), 5))
            client.sendall(HALF[part])
        yield


@pytest.mark.parametrize("part", HALF)
def test_half_open_connections_stop_nobody(proxy: int, part: str) -> None:
    with half_open(proxy, part):
        assert healthy(proxy)


def test_without_it_they_stop_everybody(web: int) -> None:
    """Why the proxy is there. If this fails, the web server has learned to wait, and the proxy may go."""
    with half_open(web, "body"):
        assert not healthy(web, 3.0)
