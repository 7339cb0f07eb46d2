"""An API key as pages show it: fingerprint and state in words, never the key. Source: pages, "Words"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from partnerportal.accounts.models import ApiKey, Staff
from partnerportal.console.words import Word

_WORDS = {
    ApiKey.State.WORKING: Word("Working", "green", "check"),
    ApiKey.State.REFUSED: Word("Refused", "red", "error"),
    ApiKey.State.NOT_TESTED: Word("Not tested", "grey", "help"),
    ApiKey.State.REVOKED: Word("Revoked", "grey", "block"),
}


@dataclass(frozen=True)
class KeyView:
    """What a template may know of a key: it is handed this, never the row. `since`: when the state began."""

    pk: int
    fingerprint: str
    scheme: str
    state: str
    word: Word
    since: datetime | None
    revoked: bool
    is_service: bool
    owner: str
    last_used: datetime | None


def key_view(key: ApiKey, last_used: datetime | None = None) -> KeyView:
    since = {"working": key.tested_at, "refused": key.refused_at, "revoked": key.revoked_at}
    return KeyView(
        pk=key.pk,
        fingerprint=key.fingerprint,
        scheme=key.get_scheme_display(),
        state=key.state,
        word=_WORDS[ApiKey.State(key.state)],
        since=since.get(key.state),
        revoked=key.revoked_at is not None,
        is_service=key.is_service,
        owner=_name(key.owner),
        last_used=last_used,
    )


def held_as(rows: Iterable[ApiKey], viewer: Staff) -> str:
    """ "the service key and your own key": as what a key is held here. Only who sees Keys is told whose."""
    names = list(dict.fromkeys(one for row in rows for one in _roles(row, viewer)))
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def _roles(row: ApiKey, viewer: Staff) -> list[str]:
    if row.owner is None:
        return ["the service key" if row.is_service else "a service key that is not in use"]
    if row.owner_id == viewer.pk:
        own = "your own key"
    else:
        own = f"the key of {_name(row.owner)}" if viewer.has_perm("accounts.view_apikey") else "another's key"
    return ["the service key", own] if row.is_service else [own]


def _name(owner: Staff | None) -> str:
    return (owner.get_full_name() or owner.username) if owner else ""
