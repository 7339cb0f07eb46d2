"""What to do about a key that was refused or revoked while something waits on it. Imports accounts."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from partnerportal.accounts.gateway import service_key
from partnerportal.accounts.models import ApiKey
from partnerportal.console.remedies import Act


def act_for(key: ApiKey, user: Any) -> Act | None:
    """The button for who may do it; None for the others."""
    mine = key.owner_id == user.pk
    administers = user.has_perm("accounts.name_service_key")
    if key.revoked_at is not None:
        if service_key() and (user.has_perm("delivery.push") or administers):
            return Act("Send on the service key…", reverse("key_waiting", args=[key.pk]), "key")
        return Act("Name a service key", reverse("keys"), "key") if administers else None
    if mine or (administers and key.owner_id is None):
        return Act("Replace the key", reverse("key_replace", args=[key.pk]), "key")
    return Act("Revoke the key…", reverse("key_revoke", args=[key.pk]), "key") if administers else None


def who_else(key: ApiKey) -> str:
    """Who can do it, for those who can't."""
    owner = f"{key.owner.username} or an administrator" if key.owner else "An administrator"
    return f"{owner} replaces it." if key.revoked_at is None else "An administrator names a service key."


def sentence(key: ApiKey) -> str:
    if key.revoked_at is not None:
        return f"Key {key.fingerprint} is revoked here"
    return f"Inbox Health refused key {key.fingerprint}"
