"""Start-up checks of the configuration, each with an id and a hint. Imports settings only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured

from partnerportal.kernel.environment import UnknownEnvironment, environment_name


@register(Tags.security)
def configuration(**_: Any) -> list[CheckMessage]:
    return [*_required(), *_checkpoint(), *_environment()]


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


def _required() -> Iterator[CheckMessage]:
    if not settings.DATABASE_URL:
        yield Error(
            "DATABASE_URL is empty, and this is not local mode.",
            hint="Run `make demo` here once, or set DATABASE_URL=postgres://user:password@host:5432/name.",
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
