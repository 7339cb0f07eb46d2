"""Keys that sign events, when they change: no event is lost between the old key and the new one.

A replaced key verifies until the endpoint is known to use another. Imports endpoints, delivery's key changes.
"""

from __future__ import annotations

from django.db import transaction

from partnerportal.accounts import keys
from partnerportal.accounts.gateway import service_key
from partnerportal.accounts.models import ApiKey
from partnerportal.audit.context import Context
from partnerportal.delivery import holding, key_changes, locks
from partnerportal.records.models import Endpoint
from partnerportal.webhooks import endpoints
from partnerportal.webhooks.models import RetiredKey
from partnerportal.webhooks.verification import book, signer_ids


def signing_key(endpoint: Endpoint) -> ApiKey | None:
    """The key that last registered or changed it there."""
    found = signer_ids(endpoint)
    return ApiKey.objects.filter(pk=found[0]).first() if found else None


def signed_by(key: ApiKey) -> list[Endpoint]:
    """The endpoints whose events this key signs."""
    alive = Endpoint.objects.filter(removed=False).order_by("pk")
    return [one for one in alive if key.pk in signer_ids(one)[:1]]


def replace(old: ApiKey, new: ApiKey, context: Context) -> int:
    """As key_changes.replace; events signed with either are taken until the new one is seen to sign."""
    with transaction.atomic():
        mine = _held(signed_by(old))
        for endpoint in mine:
            RetiredKey.objects.get_or_create(endpoint=endpoint, key=old)
        keys.replace(old, new, context)
        _sign_anew(context, mine)
    book.forget()
    return key_changes.move(old, new, context)


def revoke(key: ApiKey, context: Context, *, move: bool = True) -> int:
    """As key_changes.revoke; what it signed is refused until the endpoint is sent on the service key."""
    with transaction.atomic():
        mine = _held(signed_by(key))
        other = keys.revoke(key, context, move=move)
        _sign_anew(context, mine)
    book.forget()
    return key_changes.move(key, other, context) if other else 0


def name_service(key: ApiKey, context: Context, *, move: bool = True) -> int:
    """As key_changes.name_service; the endpoints go over to it. The one before goes on verifying."""
    with transaction.atomic():
        signed = signed_by(key)
        others = _held([one for one in Endpoint.objects.filter(removed=False) if one not in signed])
        keys.name_service(key, context, move=move)
        _sign_anew(context, others)
    book.forget()
    return key_changes.take_over(key, context) if move else 0


def _held(mine: list[Endpoint]) -> list[Endpoint]:
    """Locked with their deliveries: keys are locked last, and only then is it known which one signs."""
    rows = list(locks.records("endpoint", [endpoint.pk for endpoint in mine]))
    holding.deliveries(*rows)
    return rows


def _sign_anew(context: Context, mine: list[Endpoint]) -> None:
    if service_key() is not None:
        for endpoint in mine:
            endpoints.touch(context, endpoint)
