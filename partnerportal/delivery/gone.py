"""A delivery whose record is gone here: ended if it was never sent, else a person is asked. Imports models.

No service deletes a record of which something is open. Where one is gone all the same, workers go on.
"""

from __future__ import annotations

from partnerportal.delivery.models import Delivery
from partnerportal.kernel.clock import db_now


def end(delivery: Delivery) -> None:
    """In the caller's transaction, under the delivery's lock, while it is open."""
    sent = delivery.state in Delivery.SENT or delivery.attempt_rows.filter(outcome="unknown").exists()
    delivery.state = Delivery.State.FAILED if sent else Delivery.State.CANCELLED
    delivery.reason = "record_gone" if sent else "deleted_here"
    delivery.cause_key = "record_gone" if sent else ""
    delivery.settled_at = db_now()
    delivery.needs_person_since = delivery.settled_at if sent else None
    delivery.lease_owner = delivery.lease_until = delivery.confirm_at = None
    delivery.blocked_by = ""
    delivery.save()
