"""Start-up checks of settings and database server, each with an id and a hint. Imports the kernel only."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from partnerportal.kernel.crash import under_test
from partnerportal.kernel.environment import UnknownEnvironment, environment_name
from partnerportal.kernel.server_log import talkative


@register(Tags.security)
def configuration(**_: Any) -> list[CheckMessage]:
    return [*_required(), *_checkpoint(), *_environment(), *_crash_point()]


@register(Tags.security, deploy=True)
def deployment(**_: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if settings.DEBUG:
        found.append(
            Error("DEBUG is on.", hint="Unset DEBUG: its pages show settings and data.", id="portal.E005")
        )
    if not settings.PUBLIC_URL.startswith("https://"):
        found.append(
            Warning(
                "PUBLIC_URL is not https.",
                hint="Set PUBLIC_URL to the address staff use, https://….",
                id="portal.W001",
            )
        )
    return found


@register(Tags.database)
def server_log(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """portal.E008: runs before each migrate, and with `check --database default`."""
    if not databases or "default" not in databases:
        return []
    try:
        loud = talkative()
    except DatabaseError:
        return []  # whoever needs the database says so
    if not loud:
        return []
    return [
        Error(
            f"PostgreSQL's log may quote names and birth dates: {', '.join(loud)}.",
            hint='Set what docs/deployment.md lists under "What the database logs" on the server.',
            id="portal.E008",
        )
    ]


def _required() -> Iterator[CheckMessage]:
    address = settings.DATABASE_ADDRESS
    if not getattr(settings, address):
        yield Error(
            f"{address} is empty, and this is not local mode.",
            hint=f"Run `make demo` here once, or set {address}=postgres://user:password@host:5432/name.",
            id="portal.E001",
        )
    if not _secret_key():
        yield Error("SECRET_KEY is empty.", hint="Set SECRET_KEY to 50 random characters.", id="portal.E002")
    if not settings.FIELD_ENCRYPTION_KEYS or not settings.SSN_FINGERPRINT_KEY:
        yield Error(
            "FIELD_ENCRYPTION_KEYS or SSN_FINGERPRINT_KEY is empty.",
            hint="Set both (.env.example says how), and keep a copy: without them data can't be read.",
            id="portal.E003",
        )


def _crash_point() -> Iterator[CheckMessage]:
    """A point kills the process that reaches it: right in a test, an outage anywhere else."""
    if os.environ.get("PORTAL_CRASH_POINT") and not (settings.LOCAL or under_test()):
        yield Error(
            "PORTAL_CRASH_POINT is set outside tests and local mode.",
            hint="Unset it: a process that reaches this point kills itself.",
            id="portal.E006",
        )


def _checkpoint() -> Iterator[CheckMessage]:
    parts = urlsplit(settings.CHECKPOINT_URL)
    loopback = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")
    if parts.scheme == "https" or loopback or (parts.scheme == "file" and len(parts.path) > 1):
        return
    what = "is neither file:// nor https://" if settings.CHECKPOINT_URL else "is empty"
    yield Error(
        f"CHECKPOINT_URL {what}.",
        hint="Set it to a file on another volume than the database's (file:///checkpoint/portal.json), or to "
        "an https:// address that answers GET and PUT: it tells a restored database from the newest one.",
        id="portal.E010",
    )


def _secret_key() -> str:
    """Django itself refuses to hand out an empty one, before a check could say what to do."""
    try:
        return str(settings.SECRET_KEY)
    except ImproperlyConfigured:
        return ""


def _environment() -> Iterator[CheckMessage]:
    try:
        name = environment_name()
    except UnknownEnvironment as error:
        yield Error(str(error), hint=error.hint, id="portal.E004")
        return
    if name == "sandbox" and settings.HTTPS:
        yield Warning(
            "A deployment under https talks to a sandbox.",
            hint="Set INBOX_HEALTH_BASE_URL to Inbox Health's address, or ignore this on a test system.",
            id="portal.W002",
        )
