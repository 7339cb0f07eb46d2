"""A second record there of what we sent once: a create that landed later than D, after it was sent again.

It is told by our reference; else a patient, doctor, practice or enterprise by holding what an accepted create
said, and money, which carries no reference, by being what a re-sent create may have left. Nothing of a record
that is seen costs a query of its own. Reads deliveries and rows, writes Surplus rows. Imports evidence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from partnerportal.audit import checkpoint, entries
from partnerportal.audit.context import Context
from partnerportal.delivery import evidence
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.payloads import sameness_of
from partnerportal.kernel.clock import db_now
from partnerportal.records import matching
from partnerportal.records.models import MONEY, RECORDS, Mirror, Payment, PaymentAdjustment, Surplus
from partnerportal.records.wire import canonical

Record = Mapping[str, Any]
Answer = Surplus.Answer
# How the money of a patient finds whose it is: (attribute, noun of the parent).
_PARENT = {
    "invoice": ("patient_id", "patient"),
    "payment": ("patient_id", "patient"),
    "write_off": ("patient_id", "patient"),
    "line_item": ("invoice_id", "invoice"),
    "invoice_payment": ("payment_id", "payment"),
    "payment_adjustment": ("payment_id", "payment"),
}


def look(
    noun: str, records: Sequence[Record], enterprise_id: int | None, context: Context
) -> dict[int, bool]:
    """Those of the records that are second ones of ours: {id there: whether a person is asked only now}.

    `enterprise_id`: whose they are, where the list says it. What a person called another record is none.
    """
    alive = [one for one in records if canonical.flag(one.get("soft_delete")) is not True]
    if noun == "endpoint" or not alive:  # endpoints are compared by a check of their own
        return {}
    every = RECORDS[noun].objects
    ids = [one["id"] for one in alive]
    tied = set(every.filter(remote_id__in=ids).values_list("remote_id", flat=True))
    untied = [one for one in alive if one["id"] not in tied]
    suspects = _by_content(noun, untied, enterprise_id) | _by_reference(noun, untied)
    if not suspects:
        return {}
    known = Surplus.objects.filter(noun=noun, remote_id__in=suspects).values_list("remote_id", "answer")
    answers, rows = dict(known), every.light().in_bulk({pk for _, pk in suspects.values()})
    return {
        remote_id: remote_id not in answers and ask(rows[pk], record, context)
        for remote_id, (record, pk) in suspects.items()
        if pk in rows and rows[pk].remote_id != remote_id and answers.get(remote_id) != Answer.DIFFERENT
    }


def report(delivery: Delivery, row: Mirror, record: Record, context: Context) -> None:
    """A second record that a create left: asked beside ours, or by its delivery, which the caller saves."""
    landed_twice(delivery)
    if row.noun != "endpoint" and isinstance(record.get("id"), int):
        delivery.needs_person_since = None
        ask(row, record, context)


def ask(row: Mirror, record: Record, context: Context) -> bool:
    """Put it to a person whether the record is a duplicate of ours; False where they were asked already."""
    known = {
        "record_id": row.pk,
        "enterprise_id": row.enterprise_pk,
        "record": dict(record),
        "carries_reference": matching.carries_reference(record) == str(row.reference),
    }
    with transaction.atomic():
        _, made = Surplus.objects.get_or_create(noun=row.noun, remote_id=record["id"], defaults=known)
        if made:
            about = context.about(record=row.record_name, enterprise=row.enterprise_pk, patient=row.person_pk)
            entries.write(f"{row.noun}_duplicate_seen", about, {"remote_id": record["id"]})
    return bool(made)


def _by_reference(noun: str, records: Sequence[Record]) -> dict[int, tuple[Record, int]]:
    """{id there: (record, primary key of ours)}. Its own look decides of one that is being sent, and of one
    that the hours lost by a restore may have sent (`doubting`).
    """
    named = {found: one for one in records if (found := matching.reference_in(one)) is not None}
    if not named:
        return {}
    ours = list(
        RECORDS[noun].objects.filter(reference__in=named).only("reference", "remote_id", "created_at")
    )
    looked_for = _looked_for(noun, [row for row in ours if row.remote_id is None])
    return {
        named[row.reference]["id"]: (named[row.reference], row.pk) for row in ours if row.pk not in looked_for
    }


def _looked_for(noun: str, untied: Sequence[Mirror]) -> set[int]:
    if not untied:
        return set()
    restored = checkpoint.restored_at()
    doubtful = {row.pk for row in untied if restored and row.created_at < restored + evidence.ENTERED_AGAIN}
    sent = Delivery.objects.filter(
        noun=noun, record_id__in=[row.pk for row in untied], state__in=Delivery.SENT
    )
    return doubtful | set(sent.values_list("record_id", flat=True))


def _by_content(
    noun: str, records: Sequence[Record], enterprise_id: int | None
) -> dict[int, tuple[Record, int]]:
    """The same, of what accepted creates of ours say; while an equal one is on its way, its look decides."""
    alike: dict[str, list[Record]] = defaultdict(list)
    for record, parent in _with_parents(noun, records, enterprise_id):
        key = matching.name_key(noun, record)
        if key and matching.carries_reference(record) is None:
            alike[sameness_of(noun, parent, key)].append(record)
    if not alike:
        return {}
    creates = Delivery.objects.filter(noun=noun, kind=Delivery.Kind.PUSH, sameness__in=list(alike))
    accepted = list(creates.filter(state=Delivery.State.DELIVERED).order_by("pk"))
    busy = creates.filter(state__in=Delivery.SENT).values_list("sameness", flat=True) if accepted else ()
    under_way = set(busy)
    return {
        record["id"]: (record, delivery.record_id)
        for delivery in accepted
        if delivery.sameness not in under_way
        for record in alike[delivery.sameness]
        if record["id"] > (delivery.floor or 0) and _is_left_by(delivery, record)
    }


def _is_left_by(delivery: Delivery, record: Record) -> bool:
    """Whether a create of this delivery can have made it. Money: by its amounts, and sent again."""
    sent = evidence.sent_payloads(delivery)
    if delivery.noun in MONEY:
        return len(sent) > 1 and not _id_is_unknown(delivery)
    wire = RECORDS[delivery.noun].wire
    return any(not wire.same_content(payload, record) for payload in sent)


def _id_is_unknown(delivery: Delivery) -> bool:
    """A refund that its payment showed: it is there, and no answer said under which id."""
    seen = PaymentAdjustment.objects.filter(pk=delivery.record_id, seen_on_payment=True, remote_id=None)
    return delivery.noun == "payment_adjustment" and seen.exists()


def _with_parents(
    noun: str, records: Sequence[Record], enterprise_id: int | None
) -> list[tuple[Record, int]]:
    """Each with the primary key of its enterprise here, 0 for an enterprise; without any it is left out."""
    if noun == "enterprise":
        return [(record, 0) for record in records]
    if noun not in _PARENT:
        return [(record, enterprise_id) for record in records] if enterprise_id is not None else []
    attribute, parent = _PARENT[noun]
    ids = {one.get(attribute) for one in records if isinstance(one.get(attribute), int)}
    rows = RECORDS[parent].objects.filter(remote_id__in=ids).values_list("remote_id", "enterprise_id")
    homes = dict(rows) if ids else {}
    return [(one, homes[one.get(attribute)]) for one in records if one.get(attribute) in homes]


def refunded_twice(payment: Payment, refunded_there: int) -> None:
    """More is refunded there than is known here, and a refund of ours was sent again: a person looks.

    No list shows refunds. The caller holds the payment's lock, and takes the amount there as known after it.
    """
    more = refunded_there - payment.refunded_cents
    if more <= 0:
        return
    fitting = payment.adjustments.filter(void=False, amount_cents__lte=more).values("pk")
    sent = Delivery.objects.filter(
        noun="payment_adjustment", record_id__in=fitting, state="delivered", attempts__gt=1
    )
    for delivery in sent.filter(needs_person_since=None).order_by("pk"):
        asked = Surplus.objects.filter(noun=delivery.noun, record_id=delivery.record_id).exists()
        if not asked and len(evidence.sent_payloads(delivery)) > 1:
            landed_twice(delivery)
            delivery.save(update_fields=["reason", "cause_key", "needs_person_since"])
            return


def landed_twice(delivery: Delivery) -> None:
    """A person is asked by the delivery itself: what is there besides has no id that is known. Not saved."""
    delivery.reason = delivery.cause_key = "landed_twice"
    delivery.needs_person_since = db_now()
