"""What each type of event means: a plain table of type → function. Imports subject, records, delivery.

Newest `updated_at` wins, so repeats, disorder and old replays all end in the same truth; where the times
can't decide, the record is read by its id.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction

from partnerportal.delivery import holding, surplus
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.services import request_reading
from partnerportal.kernel.crash import crash_point
from partnerportal.records import apply, ledger, matching, merging
from partnerportal.records.merging import Verdict
from partnerportal.records.models import Mirror, Patient
from partnerportal.webhooks.models import Event
from partnerportal.webhooks.subject import Result, Subject

State = Event.State
LOOK_AGAIN = 5.0
"""Seconds after which an event for a record that may be our own create's is looked at again."""
_WORDS = {
    Verdict.TAKEN: (State.APPLIED, ""),
    Verdict.UNCHANGED: (State.UNCHANGED, "as_known"),
    Verdict.CONFLICT: (State.CONFLICT, "changed_on_both_sides"),
    Verdict.STALE: (State.UNCHANGED, "older"),
    Verdict.UNDECIDED: (State.UNCHANGED, "read_by_id"),
}


def record(subject: Subject) -> Result:
    """The record as the event has it, onto ours."""
    row = subject.ours()
    if row is None:
        return _not_ours(subject)
    if isinstance(row, Patient) and _owes_otherwise(subject, row):
        request_reading(subject.context, row, Delivery.Kind.COMPARE)
    return _taken(subject, row)


def money(subject: Subject) -> Result:
    """Besides: what it belongs to is read again, and the patient's balance is compared. Contract 6.

    An invoice sends no event of its own for its lines and payments.
    """
    row = subject.ours()
    if row is None and subject.create_under_way():
        return _not_ours(subject)
    if row is None or _is_news(subject, row):
        _read_around(subject)
    return _not_ours(subject) if row is None else _taken(subject, row)


def noted(subject: Subject) -> Result:
    """Kept and shown; nothing of ours says the same."""
    return Result(State.UNCHANGED, "noted", subject.patient() or subject.enterprise())


def _both(noun: str, handler: Callable[[Subject], Result]) -> dict[str, Callable[[Subject], Result]]:
    return {f"{noun}_created": handler, f"{noun}_updated": handler}


HANDLERS: dict[str, Callable[[Subject], Result]] = {
    **_both("enterprise", record),
    **_both("practice", record),
    **_both("doctor", record),
    **_both("patient", record),
    **_both("invoice", money),
    **_both("line_item", money),
    **_both("payment", money),
    **_both("invoice_payment", money),
    **_both("payment_adjustment", money),
    **_both("write_off", money),
    **_both("attachment", noted),
    **_both("notification", noted),
    **_both("account_manager", noted),
}


def _taken(subject: Subject, known: Mirror) -> Result:
    with transaction.atomic():
        row = holding.held(known)
        if row.remote_id != known.remote_id:
            return Result(State.WAITING, "moved", wait=LOOK_AGAIN)
        before = row.wire.values(row)
        taken = merging.take(row, subject.record, subject.context)
        if taken.changed and row.account_pk is not None:
            ledger.reckon(row.account_pk)
    crash_point("event_applied")
    if taken.undecided:
        request_reading(subject.context, row, Delivery.Kind.REFRESH)
    state, reason = _WORDS[taken.verdict]
    return Result(state, reason, row, _changes(row, before, taken.changed))


def _changes(row: Mirror, before: dict[str, Any], changed: tuple[str, ...]) -> dict[str, Any]:
    """For the event's page; of a secret attribute only that it changed."""
    after = row.wire.values(row)
    secret = {one.name for one in row.wire.attributes if one.secret}
    return {
        name: {} if name in secret else {"was": before.get(name), "now": after.get(name)} for name in changed
    }


def _not_ours(subject: Subject) -> Result:
    """Tied to none of ours: perhaps the create whose answer is still out, and then evidence for it."""
    number, enterprise = subject.number("id"), subject.enterprise()
    if number is None:
        return Result(State.FAILED, "no_id", enterprise)
    with transaction.atomic():
        matching.sight(subject.noun, [subject.record], enterprise.pk if enterprise else None)
    crash_point("event_applied")
    if subject.create_under_way():
        return Result(State.WAITING, "our_create", wait=LOOK_AGAIN)
    if (row := subject.ours()) is not None:  # tied while we looked
        return _taken(subject, row)
    whose = enterprise.pk if enterprise else None
    second = surplus.look(subject.noun, [subject.record], whose, subject.context)
    return Result(State.ONLY_THERE, "duplicate" if second else "", subject.patient() or enterprise)


def _is_news(subject: Subject, row: Mirror) -> bool:
    """Whether it tells more than the answer or event that is known: our own writes come back as events."""
    told, known = apply.instant(subject.record.get("updated_at")), row.remote_updated_at
    return told is None or known is None or told > known


def _read_around(subject: Subject) -> None:
    for noun in ("invoice", "payment"):
        if noun != subject.noun and (row := subject.named(noun)) is not None:
            request_reading(subject.context, row, Delivery.Kind.REFRESH)
    patient = subject.patient()
    if patient is not None and patient.remote_id is not None:
        request_reading(subject.context, patient, Delivery.Kind.COMPARE)


def _owes_otherwise(subject: Subject, row: Patient) -> bool:
    """The event names another balance than was last read, and is not older."""
    told = subject.record.get("balance_cents")
    return isinstance(told, int) and told != row.balance_there_cents and _is_news(subject, row)
