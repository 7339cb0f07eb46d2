"""`manage.py sign_webhook` prints the signature, and needs no database."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.signature.known import KNOWN_BODY, KNOWN_SIGNATURE, KNOWN_URL

PROJECT = Path(__file__).resolve().parent.parent.parent


def run(body: bytes, tmp_path: Path) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "manage.py", "sign_webhook", "--url", KNOWN_URL, "--key", "api_key"]
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}
    return subprocess.run(
        command, input=body, cwd=PROJECT, env={**environment, "DATA_DIR": str(tmp_path)}, capture_output=True
    )


def test_the_vendors_known_answer(tmp_path: Path) -> None:
    done = run(KNOWN_BODY, tmp_path)
    assert (done.returncode, done.stdout.decode().strip()) == (0, KNOWN_SIGNATURE)


def test_what_is_no_event_ends_with_one_line_and_no_traceback(tmp_path: Path) -> None:
    done = run(b"no json", tmp_path)
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode().strip() == "CommandError: The body is no JSON object."
