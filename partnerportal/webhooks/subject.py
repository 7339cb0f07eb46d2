"""What an event is about: the record as the event has it, and ours where there is one. Reads rows only.

Imports records, delivery and the audit's context.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from partnerportal.audit.context import Context
from partnerportal.delivery.models import Delivery
from partnerportal.records.models import RECORDS, Enterprise, Invoice, Mirror, Patient, Payment
from partnerportal.webhooks import unsigned
from partnerportal.webhooks.models import Event


@dataclass(frozen=True)
class Result:
    """What became of an event: its state, a stable word for why, our record and what changed in it.

    `wait`: seconds until it is looked at again, where the state is waiting.
    """

    state: str
    reason: str = ""
    row: Mirror | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    wait: float = 0.0


@dataclass(frozen=True)
class Subject:
    """`record` is event_data.object; `noun` is from the event's type, which the table knows."""

    event: Event
    noun: str
    record: dict[str, Any]

    @classmethod
    def of(cls, event: Event) -> Subject:
        """Raises ValueError where the body holds no object."""
        body = json.loads(event.body)
        data = body.get("event_data")
        record = data.get("object") if isinstance(data, dict) else None
        if not isinstance(record, dict):
            raise ValueError("an event without an object")
        noun = event.event_type.rpartition("_")[0]
        return cls(event, noun, unsigned.record(noun, record))

    @property
    def context(self) -> Context:
        """For whatever it leads to."""
        return Context(origin="webhook", lane="background", cause=self.event.cause)

    def ours(self) -> Mirror | None:
        """Our record that is tied to it, without a lock."""
        number = self.number("id")
        return _tied(self.noun, number) if number is not None else None

    def number(self, name: str) -> int | None:
        """An id that the record names."""
        return unsigned.number(self.record.get(name))

    def named(self, noun: str) -> Mirror | None:
        """Our record that `<noun>_id` names."""
        number = self.number(f"{noun}_id")
        return _tied(noun, number) if number is not None else None

    def patient(self) -> Patient | None:
        """Whose money it is."""
        found = self.named("patient")
        if isinstance(found, Patient):
            return found
        for noun in ("invoice", "payment"):
            owner = self.named(noun)
            if isinstance(owner, Invoice | Payment):
                return owner.patient
        return None

    def enterprise(self) -> Enterprise | None:
        found = self.named("enterprise")
        if isinstance(found, Enterprise):
            return found
        patient = self.patient()
        return patient.enterprise if patient else None

    def create_under_way(self) -> bool:
        """Whether a create of ours, of this noun under the same parent, may be what it tells of."""
        sent = Delivery.objects.filter(noun=self.noun, kind=Delivery.Kind.PUSH, state__in=Delivery.SENT)
        enterprise = self.enterprise()
        if enterprise is not None:
            sent = sent.filter(enterprise_id=enterprise.pk)
        elif self.number("enterprise_id") is not None and self.noun != "enterprise":
            return False  # below an enterprise that is none of ours
        patient = self.patient()
        return (sent.filter(account_pk=patient.pk) if patient else sent).exists()


def _tied(noun: str, remote_id: int) -> Mirror | None:
    found: Mirror | None = RECORDS[noun].objects.filter(remote_id=remote_id).first()
    return found
