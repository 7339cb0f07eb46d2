"""What may be done with API keys: connect, test, replace, revoke, name, show. Owns ApiKey rows.

Each act writes an Entry that names the key by fingerprint only. Imports the gateway, audit and kernel.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from integrations.inboxhealth.auth import Credential
from partnerportal.accounts.gateway import service_key
from partnerportal.accounts.key_test import KeyTest, Verdict, try_key
from partnerportal.accounts.models import ApiKey, Staff
from partnerportal.audit import entries
from partnerportal.audit.context import Context
from partnerportal.kernel.ids import record_name


class NotSaved(Exception):
    """The test said no, so nothing was saved. `found` is the test; `open`: it may be saved without a test."""

    def __init__(self, found: KeyTest) -> None:
        super().__init__(found.sentence)
        self.found = found
        self.open = found.verdict is Verdict.NO_ANSWER


class NotAKey(ValueError):
    """What was typed can't be an API key."""


class AlreadyConnected(Exception):
    """The person has a key; it is replaced, not joined by a second one."""


def candidate(secret: str, scheme: str, owner: Staff | None) -> ApiKey:
    """An unsaved key. Blanks around it are taken off: copying brings them. Raises NotAKey."""
    try:
        credential = Credential(secret.strip(), scheme)  # type: ignore[arg-type]
    except ValueError as error:
        raise NotAKey("This is no API key: a key has no spaces and no accents.") from error
    return ApiKey(owner=owner, key=credential.key, fingerprint=credential.fingerprint, scheme=scheme)


def connect(key: ApiKey, context: Context, *, by: Staff, test: bool = True) -> ApiKey:
    """Test and save a candidate. Raises NotSaved when the test says no, AlreadyConnected.

    The first key that works becomes the service key when there is none and the person may name one.
    """
    if key.owner is not None and own_key(key.owner) is not None:
        raise AlreadyConnected
    if test:
        accept(key, context)
    with transaction.atomic():
        first = service_key() is None and by.has_perm("accounts.name_service_key")
        key.is_service = first and key.state == ApiKey.State.WORKING
        key.save()
        _write("key_connected", key, context, tested=test, service=key.is_service)
    return key


def test(key: ApiKey, context: Context) -> KeyTest:
    """Test a saved key and remember what came of it."""
    found = try_key(key, context.about(record=record_name("key", key.pk)))
    with transaction.atomic():
        if found.verdict is not Verdict.NO_ANSWER:
            _judge(key, found)
            key.save(update_fields=["state", "tested_at", "refused_at"])
        _write("key_tested", key, context, verdict=found.verdict)
    return found


def accept(key: ApiKey, context: Context) -> None:
    """Test a key that is not saved yet. Raises NotSaved unless it works."""
    found = try_key(key, context)
    if found.verdict is not Verdict.WORKING:
        raise NotSaved(found)
    _judge(key, found)


def replace(old: ApiKey, new: ApiKey, context: Context) -> ApiKey:
    """Revoke `old`; `new`, accepted or not, takes its owner, its part as service key and what waits."""
    with transaction.atomic():
        locked = _locked(old)
        new.owner, new.is_service = locked.owner, locked.is_service
        _end(locked)
        new.save()
        let_move([locked.pk], new)
        tested = new.tested_at is not None
        _write("key_replaced", new, context, replaced=locked.fingerprint, tested=tested)
    return new


def revoke(key: ApiKey, context: Context, *, move: bool = False) -> ApiKey | None:
    """End a key here. It is not ended at Inbox Health: only its owner there can do that.

    With `move`, what waits on it goes out on the service key: that one, None where there is none.
    """
    with transaction.atomic():
        _end(_locked(key))
        other = service_key() if move else None
        if other is not None:
            let_move([key.pk], other)
        _write("key_revoked", key, context)
    return other


def name_service(key: ApiKey, context: Context, *, move: bool = False) -> None:
    """Make it the default for everyone and the schedule; the one before keeps its owner and state.

    With `move`, what waits on revoked keys goes out on it.
    """
    with transaction.atomic():
        wanted = Q(is_service=True) | Q(pk=key.pk)
        if move:  # all at once, in order
            wanted |= Q(revoked_at__isnull=False, moves_to=None)
        held = list(ApiKey.objects.select_for_update(no_key=True).filter(wanted).order_by("pk"))
        before = next((one for one in held if one.is_service), None)
        if before is not None:
            ApiKey.objects.filter(pk=before.pk).update(is_service=False)
        ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(is_service=True)
        if move:
            let_move([], key)
        _write("key_named_service", key, context, before=before.fingerprint if before else "")


def let_move(olds: list[int], new: ApiKey) -> None:
    """Remember a choice: what waits on `olds`, or on any key revoked without one, goes out on `new`."""
    revoked = ApiKey.objects.filter(revoked_at__isnull=False).exclude(pk=new.pk)
    revoked = revoked.filter(pk__in=olds) if olds else revoked.filter(moves_to=None)
    found = revoked.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True)
    ApiKey.objects.filter(pk__in=list(found)).update(moves_to=new)


def kept(key: ApiKey) -> bool:
    """Whether the key is not revoked; it stays so until the current transaction ends.

    Keys are locked last, and whoever ends one locks nothing after it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT revoked_at IS NULL FROM accounts_apikey WHERE id = %s FOR KEY SHARE", [key.pk])
        row = cursor.fetchone()
    return bool(row and row[0])


def _locked(key: ApiKey) -> ApiKey:
    """FOR UPDATE: whoever is queueing something on it comes first, or sees that it is over."""
    return ApiKey.objects.select_for_update(of=("self",)).get(pk=key.pk)


def show(key: ApiKey, context: Context) -> str:
    """The key itself, for its owner; the caller has asked for the password."""
    with transaction.atomic():
        _write("key_viewed", key, context)
    return str(key.key)


def own_key(staff: Staff) -> ApiKey | None:
    """The person's own key that is not revoked."""
    return ApiKey.objects.filter(owner=staff, revoked_at=None).first()


def same_as(key: ApiKey) -> list[ApiKey]:
    """The other live rows that hold this very key: one may be a person's own and the service key besides."""
    alike = ApiKey.objects.filter(revoked_at=None, fingerprint=key.fingerprint).exclude(pk=key.pk)
    found = alike.select_related("owner").order_by("-is_service", "pk")
    return [one for one in found if str(one.key) == str(key.key)]


def live_keys() -> Any:
    """Every key that is not revoked: the service key first, then by owner."""
    return ApiKey.objects.filter(revoked_at=None).select_related("owner").order_by("-is_service", "pk")


def ensure_service_key(secret: str, context: Context) -> ApiKey:
    """For commands: this key as service key, untested; the row that is there already when it is the same."""
    new = candidate(secret, settings.INBOX_HEALTH_AUTH_SCHEME, None)
    same = Q(revoked_at=None, is_service=True, fingerprint=new.fingerprint)
    known = ApiKey.objects.filter(same).first()
    if known is not None:
        return known
    with transaction.atomic():
        new.save()
        name_service(new, context)
    return new


def _judge(key: ApiKey, found: KeyTest) -> None:
    now = timezone.now()
    if found.verdict is Verdict.WORKING:
        key.state, key.tested_at, key.refused_at = ApiKey.State.WORKING, now, None
    else:
        key.state, key.tested_at, key.refused_at = ApiKey.State.REFUSED, now, now


def _end(key: ApiKey) -> None:
    key.state, key.revoked_at, key.is_service = ApiKey.State.REVOKED, timezone.now(), False
    key.save(update_fields=["state", "revoked_at", "is_service"])


def _write(action: str, key: ApiKey, context: Context, **detail: object) -> None:
    named = {"key": key.fingerprint, **{name: value for name, value in detail.items() if value != ""}}
    entries.write(action, context.about(record=record_name("key", key.pk)), named)
