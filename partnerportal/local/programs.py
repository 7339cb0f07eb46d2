"""The programs of a running portal and their command lines, the same here and in docker-compose.yml.

Owns the command lines; imports layout only.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from partnerportal.local.layout import Layout
from partnerportal.local.ports import LOOPBACK

CELERY = ["celery", "--quiet", "-A", "partnerportal"]
_WORKER = [
    *CELERY,
    "worker",
    "--loglevel",
    "INFO",
    "--pool",
    "threads",
    "--without-gossip",
    "--without-mingle",
]
WORKER = [*_WORKER, "--concurrency", "4", "-Q", "bulk,background", "-n", "worker@%h"]
INTERACTIVE = [*_WORKER, "--concurrency", "2", "-Q", "interactive", "-n", "interactive@%h"]
BEAT = [*CELERY, "beat", "--loglevel", "INFO", "--pidfile", ""]


def web(bind: str) -> list[str]:
    """The web server on `address:port`; the rest stands in gunicorn.conf.py."""
    return ["gunicorn", "partnerportal.wsgi:application", "--bind", bind]


def sandbox(port: int, state: Path | str) -> list[str]:
    """The local Inbox Health with its own state. Its key and password come by its environment."""
    return ["python", "-m", "integrations.sandbox", "--port", str(port), "--state", str(state)]


@dataclass(frozen=True)
class Program:
    """A name for the log and a command line whose first word is a program of the venv."""

    name: str
    command: list[str]

    def argv(self) -> list[str]:
        """The command with the interpreter that runs us: no script's first line need be right."""
        first, *rest = self.command
        module = {"python": [], "gunicorn": ["-m", "gunicorn"], "celery": ["-m", "celery"]}[first]
        return [sys.executable, *module, *rest]


# Tables and rights as the database's owner, then staff and sample data as the services' role.
MIGRATE = Program("migrate", ["python", "-m", "partnerportal.local", "migrate"])
PREPARE = Program("prepare", ["python", "-m", "partnerportal.local", "prepare"])


def of_the_portal(layout: Layout, port: int) -> list[Program]:
    """Web, both workers and the schedule."""
    log = ["--access-logfile", str(layout.log / "access.log")]
    return [
        Program("web", [*web(f"{LOOPBACK}:{port}"), *log]),
        Program("worker", WORKER),
        Program("interactive", INTERACTIVE),
        Program("beat", BEAT),
    ]
