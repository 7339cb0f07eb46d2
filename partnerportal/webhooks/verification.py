"""Which endpoint a token names, and which keys may sign its events: in memory, read anew now and then.

Owns nothing in the database. Imports accounts, delivery and records, which it only reads.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from integrations.inboxhealth import signature
from partnerportal.accounts.models import ApiKey
from partnerportal.delivery.models import Delivery
from partnerportal.records.models import Endpoint
from partnerportal.webhooks.models import RetiredKey

FRESH = 5.0
"""Seconds for which what is in memory is believed."""
RENEWED = 0.5
"""Seconds after which it is read anew before a call is refused or a token is called unknown."""


@dataclass(frozen=True)
class Known:
    """An endpoint as verification needs it: what may be registered there, and {key: its fingerprint}."""

    endpoint_id: int
    urls: tuple[str, ...]
    keys: dict[str, str]

    def signer(self, texts: Iterable[str], given: str) -> tuple[str, str] | None:
        """(fingerprint, text): the key that signed one of the texts for one of the URLs, or None."""
        found = None
        for url in self.urls:
            found = signature.verified(self.keys, url, texts, given) or found
        return (self.keys[found[0]], found[1]) if found is not None else None


class Book:
    """All endpoints by token, of one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, Known] = {}
        self._read_at = float("-inf")

    def get(self, token: str) -> Known | None:
        self._renew(FRESH)
        found = self._known.get(token)
        if found is None and self._renew(RENEWED):
            found = self._known.get(token)
        return found

    def again(self, token: str) -> Known | None:
        """The same as it is now; None where nothing newer than half a second can be had, or it is gone."""
        return self._known.get(token) if self._renew(RENEWED) else None

    def forget(self) -> None:
        self._read_at = float("-inf")

    def _renew(self, age: float) -> bool:
        if time.monotonic() - self._read_at < age:
            return False
        with self._lock:
            if time.monotonic() - self._read_at >= age:
                begun = time.monotonic()
                self._known = _read()
                self._read_at = begun
        return True


book = Book()


def _read() -> dict[str, Known]:
    endpoints = list(Endpoint.objects.filter(removed=False))
    keys = {key.pk: key for key in ApiKey.objects.all()} if endpoints else {}
    return {
        one.token: Known(one.pk, _urls(one), {str(key.key): key.fingerprint for key in _keys(one, keys)})
        for one in endpoints
    }


def _urls(endpoint: Endpoint) -> tuple[str, ...]:
    """What is registered there, and what is about to be."""
    known = (endpoint.acknowledged or {}).get("url", {})
    found = (endpoint.url, known.get("sent"), known.get("answered"))
    return tuple(dict.fromkeys(one for one in found if isinstance(one, str) and one))


def _keys(endpoint: Endpoint, keys: dict[int, ApiKey]) -> Iterable[ApiKey]:
    """Every key of the user who registered it that is not revoked, and retired ones. Contract 6.

    Whose keys those are is known by owner here; the service key may have none.
    """
    signers = {keys[pk] for pk in signer_ids(endpoint)} | {one for one in keys.values() if one.is_service}
    owners = {one.owner_id for one in signers if one.owner_id}
    retired = set(
        RetiredKey.objects.filter(endpoint=endpoint, ended_at=None).values_list("key_id", flat=True)
    )
    for key in keys.values():
        alive = key.revoked_at is None and (key in signers or key.owner_id in owners)
        if alive or key.pk in retired:
            yield key


def signer_ids(endpoint: Endpoint) -> list[int]:
    """The keys that registered or changed the endpoint there, or may have, the newest first."""
    sent = Delivery.objects.filter(noun="endpoint", record_id=endpoint.pk, kind=Delivery.Kind.PUSH)
    sent = sent.filter(Q(state__in=Delivery.SENT) | Q(state=Delivery.State.DELIVERED))
    return list(dict.fromkeys(sent.order_by("-pk").values_list("key_id", flat=True)))
