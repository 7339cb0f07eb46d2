"""`make demo` from start to Ctrl-C: it serves, a second one is refused, and nothing is left running."""

from __future__ import annotations

import re
import socket
import urllib.error
import urllib.request
from contextlib import suppress

from partnerportal.local import local_env
from partnerportal.local.layout import Layout
from partnerportal.local.processes import wait_until
from tests.local.leftovers import processes_of
from tests.local.running_demo import Demo

TOKEN = "a-token-that-no-log-may-hold"
SANDBOX = {"SANDBOX_PASSWORD": "a-word-of-the-test"}


def test_it_serves_refuses_a_second_one_and_leaves_no_process(place: Layout) -> None:
    demo = Demo(
        place, DEMO_PASSWORD="a-password-of-the-test", INBOX_HEALTH_API_KEY="a-key-of-the-test", **SANDBOX
    )
    demo.wait_ready()
    ready = next(line for line in demo.lines if line.startswith("Portal ready at"))
    assert ready.startswith(f"Portal ready at http://127.0.0.1:{demo.port}/")
    assert "a-password-of-the-test" in ready
    page = f"Sandbox page: http://127.0.0.1:{demo.sandbox_port}/api  sign in as demo / a-word-of-the-test"
    assert wait_until(lambda: page in demo.lines, 10)

    second = Demo(place)
    assert second.end(0) != 0
    assert "already runs" in second.output
    assert len(second.lines) == 1
    assert demo.healthy()
    assert not [
        line for line in processes_of(place.root).values() for secret in secrets(place) if secret in line
    ]

    for path in (f"/webhooks/{TOKEN}/", f"/accounts/welcome/1/{TOKEN}/", f"/accounts/login/?next={TOKEN}"):
        with suppress(urllib.error.HTTPError):
            urllib.request.urlopen(f"http://127.0.0.1:{demo.port}{path}", data=b"{}", timeout=20).close()

    assert demo.end() == 0
    logs = {file.name: file.read_text(errors="replace") for file in place.log.iterdir()}
    assert "/webhooks/…" in logs["access.log"]
    assert not [name for name, text in logs.items() if TOKEN in text]
    assert not processes_of(place.root)
    assert not [line for line in demo.lines if " | " in line], "the programs' lines belong into their logs"
    assert "beat: Starting" in (place.log / "beat.log").read_text()
    assert "SecurityWarning" not in (place.log / "worker.log").read_text()


def secrets(place: Layout) -> list[str]:
    """Every password and key of this folder: none of them may stand on a command line."""
    known = local_env.read(place.env_file)
    found = [value for name, value in known.items() if re.search("PASSWORD|KEY|SECRET", name)]
    assert len(found) >= 7
    return found


def test_a_taken_port_is_one_line_that_names_port_and_variable(place: Layout) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        demo = Demo(place, PORTAL_PORT=str(port))
        assert demo.end(0) != 0
    assert len(demo.lines) == 1
    assert f"Port {port} is taken" in demo.output
    assert "PORTAL_PORT=" in demo.output


def test_a_port_that_is_no_number_is_one_line(place: Layout) -> None:
    demo = Demo(place, SANDBOX_PORT="eighty")
    assert demo.end(0) != 0
    assert demo.lines == ["SANDBOX_PORT=eighty is not a port number."]
