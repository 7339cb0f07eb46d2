"""Which exchange made which record, where it was sent before the record was here: a create through Try It.

An Exchange is never changed afterwards, so the two are tied by the entry `<noun>_entered`, which names the
record and carries the correlation id of the request in which the exchange was sent. Imports models only.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Case, CharField, OuterRef, Q, QuerySet, Subquery, When

from partnerportal.audit.models import Entry, Exchange

TAKEN_IN = "_entered"  # how the action ends that says it


def entries_of(exchange: Exchange) -> QuerySet[Entry]:
    """What a call of Try It brought into the portal, in its order."""
    found = Entry.objects.filter(correlation_id=exchange.correlation_id, action__endswith=TAKEN_IN)
    if exchange.origin != "explorer":
        return found.none()
    return found.filter(actor=exchange.actor, at__gte=exchange.started_at).defer("content").order_by("pk")


def record(record_name: str) -> Q:
    """The calls of Try It that made a record: a condition on exchanges that no other fulfils."""
    noun = record_name.partition(":")[0]
    told = Entry.objects.filter(record=record_name, action=f"{noun}{TAKEN_IN}")
    ids = list(told.values_list("correlation_id", flat=True)[:10])
    return Q(origin="explorer", correlation_id__in=ids) if ids else Q(pk__in=[])


def named(exchanges: QuerySet[Exchange], entries: QuerySet[Entry]) -> QuerySet[Any]:
    """With `about`: the record that each is about, or that a call of Try It made, "" where there is none.

    `entries`: those that the person may see.
    """
    told = entries.filter(
        correlation_id=OuterRef("correlation_id"), actor=OuterRef("actor"), action__endswith=TAKEN_IN,
        at__gte=OuterRef("started_at"),
    )  # fmt: skip
    last = Subquery(told.order_by("-pk").values("record")[:1])  # an invoice comes after its lines
    made_here = When(record="", origin="explorer", then=last)
    return exchanges.annotate(about=Case(made_here, default="record", output_field=CharField()))
