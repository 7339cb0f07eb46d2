"""Short ways to a moment in a delivery's life, for the tests of its laws."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection, connections

from integrations.inboxhealth.wire import Reply
from partnerportal.accounts.gateway import Gateway
from partnerportal.audit.context import Context
from partnerportal.delivery import claims, engine, resolve
from partnerportal.delivery.begin import Begun, begin, guard, ready
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.services import request_push
from partnerportal.delivery.sweep import sweep
from partnerportal.records.models import Enterprise
from tests.cast import Stage, make_enterprise

NOBODY = Context(actor="user:ola", origin="console")


def onboarded(name: str = "Elm Street Family Medicine") -> Enterprise:
    """An enterprise that is at Inbox Health, made and sent where there is none of that name yet."""
    found = Enterprise.objects.filter(name=name).first()
    if found is None:
        found = make_enterprise(name)
        request_push(NOBODY, found)
        while Delivery.objects.filter(state__in=Delivery.OPEN).exists():
            engine.drive("interactive", 2.0)
            resolve.resolve_due()
            sweep()
        found.refresh_from_db()
    return found


def send_begun(*, written: bool = True, hide: Stage | None = None) -> tuple[Begun, Reply]:
    """A worker that has its answer, and stands still before it settles; not `written`, before it wrote the
    answer down. With `hide`, the record that it made can't be found there, as if it came late.
    """
    hold = claims.claim_due("interactive")
    assert hold is not None
    seen = ready(hold)
    assert seen is not None
    begun = begin(hold, seen)
    assert begun is not None
    gateway = Gateway(begun.delivery.key, begun.context, guard=guard(begun))
    if not written:
        gateway.client._journal.close = lambda exchange_id, reply: None  # type: ignore[method-assign]
    request = gateway.prepare(begun.step.operation, path=begun.step.path, body=begun.step.body)
    reply = gateway.client.send(request, must_end_by=hold.must_end_by)
    if hide is not None:
        made = reply.record("patient")["id"]
        somebody = {"last_name": "Somebody", "first_name": "Else", "external_ids": []}
        hide.sandbox.admin("PUT", f"records/patients/{made}", somebody)
    return begun, reply


def end_leases() -> None:
    """As if the time of all leases were over."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE delivery_delivery SET lease_until = clock_timestamp() - interval '1 second'"
            " WHERE lease_until IS NOT NULL"
        )


def in_threads(number: int, work: Callable[[], Any]) -> None:
    """The same in several threads at once, each with a connection of its own; the first error is raised."""
    errors: list[BaseException] = []
    together = threading.Barrier(number)

    def run() -> None:
        try:
            together.wait(10)
            work()
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if errors:
        raise errors[0]


def deadlocks() -> int:
    """How many PostgreSQL has broken in this database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        row = cursor.fetchone()
    return int(row[0])
