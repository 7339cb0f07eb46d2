"""An API key as pages show it: fingerprint and state in words, never the key. Source: pages, "Words"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from partnerportal.accounts.models import ApiKey
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
        owner=(key.owner.get_full_name() or key.owner.username) if key.owner else "",
        last_used=last_used,
    )
