"""After a restore: what the lost hours may have done already is looked for before it is done (again).

A record that is older than the restore and has no Inbox Health id may have got one in the hours that this
database forgot; one that is entered in the day after may be what those hours had entered. Its create becomes
an unknown outcome without a request, and goes the way of all of those (`resolve`). Patients, doctors and
practices are found in their enterprise's list instead, which is read again before the first create below it
(`parents`). An update looks first anyway (`looking`). Imports claims, revive.
"""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Now

from integrations.inboxhealth.outcome import Outcome
from partnerportal.audit import checkpoint
from partnerportal.delivery import claims, locks
from partnerportal.delivery.claims import Hold
from partnerportal.delivery.evidence import ENTERED_AGAIN
from partnerportal.delivery.models import Attempt, Delivery
from partnerportal.delivery.payloads import step_for
from partnerportal.delivery.queueing import RESOLVE
from partnerportal.delivery.revive import revive
from partnerportal.delivery.words import mark, record_word
from partnerportal.kernel.clock import db_now
from partnerportal.kernel.crash import crash_point
from partnerportal.kernel.dispatch import ring
from partnerportal.records import matching
from partnerportal.records.models import RECORDS, Enterprise, Mirror

RESTORED = Attempt.RESTORED
BY_LIST = ("patient", "doctor", "practice")
EQUAL_WAIT = 1.0  # seconds until a create is looked at again that waits for an equal one


def is_due(delivery: Delivery, row: Mirror) -> bool:
    """Whether this create has to be looked for first. One query for a create, none else."""
    if delivery.kind != Delivery.Kind.PUSH or row.remote_id is not None or row.noun in BY_LIST:
        return False
    restored = checkpoint.restored_at()
    if restored is None or row.created_at > restored + ENTERED_AGAIN:
        return False
    looked = Attempt.objects.filter(delivery__noun=row.noun, delivery__record_id=row.pk, reason=RESTORED)
    return not looked.filter(ended_at__gt=restored).exists()


def doubt(hold: Hold) -> None:
    """Unknown from now on, with what would be sent as what may have been. Raises LeaseLost."""
    try:
        with transaction.atomic():
            row = locks.record(hold.noun, hold.record_id)
            delivery = claims.held(hold)
            step = step_for(delivery, row)
            if step is not None and step.creates:
                _unknown(delivery, row)
                delivery.sameness = step.sameness
                Attempt.objects.create(
                    delivery=delivery, number=delivery.attempts, operation=step.operation, payload=step.sent,
                    record_version=row.version, ended_at=db_now(), outcome=Outcome.UNKNOWN, reason=RESTORED,
                )  # fmt: skip
            delivery.lease_owner = delivery.lease_until = None
            delivery.save()
            mark(row, record_word(delivery))
            ring(RESOLVE, queue="background")
    except IntegrityError:  # an equal one is being looked for
        claims.put_back(hold, EQUAL_WAIT)
    crash_point("doubted")


def _unknown(delivery: Delivery, row: Mirror) -> None:
    delivery.state, delivery.reason, delivery.attempts = (
        Delivery.State.UNKNOWN,
        RESTORED,
        delivery.attempts + 1,
    )
    delivery.next_at = delivery.sent_at = db_now()
    known = matching.floor_of_restore(row.noun)
    delivery.floor = known if delivery.floor is None else min(delivery.floor, known)
    delivery.lookups = 0


def begin() -> dict[str, int]:
    """What a restored database has to doubt, before anything is sent; repeatable. Counts for the entry."""
    Delivery.objects.filter(state=Delivery.State.IN_FLIGHT).update(lease_until=Now())
    while revive():
        pass
    with transaction.atomic():
        matching.remember_floors()
        # Their lists are read before the next create, and what stands there is compared with ours.
        Enterprise.objects.update(
            adopted=True, practices_read_at=None, doctors_read_at=None, patients_read_at=None
        )
        unknown = Delivery.objects.filter(state=Delivery.State.UNKNOWN)
        asked = unknown.filter(needs_person_since=None).update(lookups=0, next_at=Now())
        Attempt.objects.filter(delivery__in=unknown, number=F("delivery__attempts")).update(reason=RESTORED)
    unsent = Delivery.objects.filter(state__in=Delivery.UNSENT, kind=Delivery.Kind.PUSH).count()
    return {"unknown": asked, "unsent": unsent, "not_there": _not_there()}


def _not_there() -> int:
    return sum(model.objects.filter(remote_id=None).count() for model in RECORDS.values())
