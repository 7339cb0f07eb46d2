"""Reading one record there and merging it into ours: by itself, and before an update of it goes out.

Without it an edit made there that no event has told of yet would be overwritten by ours. Nothing in the API
makes an update depend on what it replaces, so between this look and the request remain some milliseconds.
Imports walks, merging and the ledger.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from integrations.inboxhealth.outcome import Outcome
from integrations.inboxhealth.wire import Reply
from partnerportal.accounts.gateway import Gateway
from partnerportal.delivery import claims, holding, walks
from partnerportal.delivery.begin import context_of
from partnerportal.delivery.claims import Hold
from partnerportal.delivery.models import Delivery
from partnerportal.kernel.clock import db_now
from partnerportal.kernel.crash import crash_point
from partnerportal.records import apply, ledger, merging
from partnerportal.records.models import RECORDS, Mirror


def is_due(delivery: Delivery, row: Mirror) -> bool:
    """Whether this is an update. Endpoints are compared by a check of their own."""
    return delivery.kind == Delivery.Kind.PUSH and row.remote_id is not None and row.noun != "endpoint"


def first(hold: Hold, delivery: Delivery) -> None:
    """Merge what stands there now; what is gone there is left to the update's own answer.

    Raises NotNow, LeaseLost, EnvironmentMismatch.
    """
    with merged(Gateway(delivery.key, context_of(delivery)), hold, delivery, missing=False):
        pass


@contextmanager
def merged(
    gateway: Gateway, hold: Hold, delivery: Delivery, *, missing: bool = True
) -> Iterator[tuple[Delivery, Mirror, Reply]]:
    """The held delivery and its record, under their locks, with what stands there merged in, and the reply.

    `missing`: a record that is not there is marked so. Raises NotNow, LeaseLost.
    """
    row: Mirror = RECORDS[delivery.noun].objects.get(pk=delivery.record_id)
    began = db_now()
    reply = walks.one(gateway, hold, row.wire.resource, row.remote_id)
    crash_point("list_read")
    with transaction.atomic():
        row = holding.held(row)
        held = claims.held(hold)
        if reply.outcome is Outcome.ACCEPTED:
            taken = merging.take(row, reply.record(row.noun), context_of(delivery), began=began)
            if taken.changed and row.account_pk is not None:
                ledger.reckon(row.account_pk)
        elif missing:
            apply.missing(row)
        yield held, row, reply
    crash_point("list_tied")
