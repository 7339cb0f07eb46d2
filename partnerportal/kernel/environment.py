"""Which Inbox Health environment this deployment talks to. Source: section 1 of the contract, hosts."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from django.conf import settings

HOSTS = {
    "api.demo.inboxhealth.com": "demo",
    "demo.inboxhealth.com": "demo",
    "rest.demo.inboxhealth.com": "demo",
    "api.inboxhealth.com": "production",  # [A]: nothing public names the production host for certain
}
NAMES = ("sandbox", "demo", "production")


class UnknownEnvironment(Exception):
    """The host is none we know, and INBOX_HEALTH_ENVIRONMENT does not say what it is."""

    hint = "Set INBOX_HEALTH_ENVIRONMENT to sandbox, demo or production."


def environment_name() -> str:
    """sandbox, demo or production: as set, else by host; a loopback address is the sandbox."""
    host = (urlsplit(settings.INBOX_HEALTH_BASE_URL).hostname or "").lower()
    known = HOSTS.get(host) or ("sandbox" if _is_loopback(host) else "")
    said = settings.INBOX_HEALTH_ENVIRONMENT
    if said and said not in NAMES:
        raise UnknownEnvironment(f"INBOX_HEALTH_ENVIRONMENT is {said!r}.")
    if said and HOSTS.get(host, said) != said:
        raise UnknownEnvironment(f"INBOX_HEALTH_ENVIRONMENT says {said}, but {host} is {known}.")
    if not (said or known):
        raise UnknownEnvironment(f"Nothing says which environment {host or 'an empty host'} is.")
    return said or known


def sandbox_page() -> str:
    """The address of the sandbox's own page; "" elsewhere, and where a browser could not open it.

    A bare name, such as a neighbour's in a compose file, is known inside its network only.
    """
    parts = urlsplit(settings.INBOX_HEALTH_BASE_URL)
    host = parts.hostname or ""
    reachable = _is_loopback(host) or "." in host
    return f"{parts.scheme}://{parts.netloc}/api" if environment_name() == "sandbox" and reachable else ""


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
