"""What may be done with endpoints: register, change, pause, unregister; through the outbox, each an entry.

They are registered on the service key only. Imports delivery's services, records and the audit.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from partnerportal.audit import entries
from partnerportal.audit.context import Context
from partnerportal.delivery import deciding, locks
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.services import NoKey, NotPossible, NotValid, request_push, request_remove
from partnerportal.kernel.dispatch import ring
from partnerportal.records.models import Endpoint
from partnerportal.webhooks.bell import DRIVE
from partnerportal.webhooks.verification import book

__all__ = ["NoKey", "NotPossible", "NotValid", "change", "pause", "register", "resume", "touch", "unregister"]


def register(context: Context, types: Iterable[str]) -> Endpoint:
    """A new one with a URL that nobody guesses. Raises NoKey, NotValid."""
    with transaction.atomic():
        endpoint = Endpoint(registered_webhooks=sorted(set(types)))
        endpoint.save()
        entries.write("endpoint_added", _about(context, endpoint), {"events": endpoint.registered_webhooks})
        request_push(context, endpoint)
    book.forget()
    return endpoint


def change(context: Context, endpoint: Endpoint, types: Iterable[str]) -> Endpoint:
    """Other events. Raises NoKey, NotValid."""
    with transaction.atomic():
        row = _locked(endpoint)
        was, row.registered_webhooks = row.registered_webhooks, sorted(set(types))
        row.version += 1
        row.save()
        detail = {"was": was, "now": row.registered_webhooks}
        entries.write("endpoint_changed", _about(context, row), detail)
        if row.dirty:
            request_push(context, row)
    return row


def pause(context: Context, endpoint: Endpoint) -> None:
    """Events are still taken and kept, and applied once it goes on: nothing is lost."""
    _flag(context, endpoint, paused=True)


def resume(context: Context, endpoint: Endpoint) -> None:
    """What was kept meanwhile is applied."""
    _flag(context, endpoint, paused=False)


def _flag(context: Context, endpoint: Endpoint, *, paused: bool) -> None:
    with transaction.atomic():
        row = _locked(endpoint)
        row.paused = paused
        row.save()
        entries.write("endpoint_paused" if paused else "endpoint_resumed", _about(context, row))
        ring(DRIVE, queue="background")


def unregister(context: Context, endpoint: Endpoint) -> None:
    """Deleted there, and from now on nothing is taken at its URL. Raises NoKey, NotPossible."""
    with transaction.atomic():
        row = _locked(endpoint)
        mine = Delivery.objects.filter(noun="endpoint", record_id=row.pk)
        if mine.filter(state__in=Delivery.SENT).exists():
            raise NotPossible("It is on its way to Inbox Health this very moment. Try again in a minute.")
        pushes = mine.filter(kind=Delivery.Kind.PUSH)
        taken_back = [*pushes.filter(state__in=Delivery.UNSENT), *pushes.failed_still()]
        for delivery in sorted(taken_back, key=lambda one: one.pk):
            deciding.cancel(context, delivery)
        row.refresh_from_db()
        row.removed = True
        row.save()
        entries.write("endpoint_unregistered", _about(context, row))
        if row.remote_id is not None and row.missing_since is None:
            request_remove(context, row)
    book.forget()


def touch(context: Context, endpoint: Endpoint) -> None:
    """Send it again, at the URL it has now: Inbox Health signs with the key that last changed it.

    Raises NoKey.
    """
    with transaction.atomic():
        row = _locked(endpoint)
        row.acknowledged = {
            name: said for name, said in (row.acknowledged or {}).items() if name != "registered_webhooks"
        }
        row.url = row.address()
        row.save()
        request_push(context, row)


def _locked(endpoint: Endpoint) -> Endpoint:
    row = locks.record("endpoint", endpoint.pk)
    assert isinstance(row, Endpoint)  # noqa: S101  the noun says so
    return row


def _about(context: Context, endpoint: Endpoint) -> Context:
    return context.about(record=endpoint.record_name)
