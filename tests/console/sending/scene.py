"""Deliveries in each state, made directly: what the sending pages show."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from partnerportal.accounts.models import ApiKey
from partnerportal.audit.context import Context
from partnerportal.delivery.models import Attempt, Delivery, Lookup
from partnerportal.jobs.models import Job
from partnerportal.records.models import Enterprise, Patient
from tests.audit import rows


def service_key() -> ApiKey:
    found = ApiKey.objects.filter(is_service=True).first()
    return found or ApiKey.objects.create(key="k", fingerprint="3f9a…c2", is_service=True, state="working")


def patient(enterprise: Enterprise, number: int, **fields: Any) -> Patient:
    """Valid, and not sent unless the fields say otherwise."""
    names = {
        "first_name": f"Given{number}",
        "last_name": f"Family{number:03d}",
        "health_record_id": f"C-{number}",
    }
    return Patient.objects.create(enterprise=enterprise, **{**names, **fields})


def batch(enterprise: Enterprise, total: int, **fields: Any) -> Job:
    values = {"kind": "push", "label": f"Push {total} patients", "actor": "user:olivia", "total": total}
    return Job.objects.create(**values, enterprise_id=enterprise.pk, **fields)


def delivery(record: Any, state: str = "pending", **fields: Any) -> Delivery:
    """A delivery of the record; the record's own word follows it."""
    values: dict[str, Any] = {
        "noun": record.noun, "record_id": record.pk, "enterprise_id": record.enterprise_pk, "state": state,
        "lane": "interactive", "key": service_key(), "actor": "user:olivia", "origin": "console",
        "correlation_id": "c0ffee",
    }  # fmt: skip
    if state in ("delivered", "failed", "cancelled"):
        values["settled_at"] = timezone.now()
    made = Delivery.objects.create(**values | fields)
    undecided = made.needs_person_since and (state == "unknown" or made.reason == "looks_alike")
    record.delivery_state = {"delivered": "", "cancelled": ""}.get(state, "undecided" if undecided else state)
    record.save()
    return made


def attempt(
    made: Delivery, outcome: str = "unknown", reason: str = "read_timeout", **payload: Any
) -> Attempt:
    """The next send of a delivery, with its exchange left open or answered as the outcome says."""
    sent = {"first_name": "Ed", "last_name": "Edison", **payload}
    number = made.attempts + 1
    about = {
        "record": made.record_name,
        "enterprise": made.enterprise_id,
        "delivery": made.pk,
        "attempt": number,
    }
    exchange = rows.exchange(
        {"patient": sent}, **about, patient=made.record_id, correlation_id=made.correlation_id
    )
    if outcome != "open":
        status = {"rejected": 422, "accepted": 201}.get(outcome)
        rows.answer(exchange, "", outcome=outcome, reason=reason, status=status)
    Delivery.objects.filter(pk=made.pk).update(attempts=number, sent_at=timezone.now())
    made.refresh_from_db()
    return Attempt.objects.create(
        delivery=made, number=number, operation="patients.create", payload=sent, outcome=outcome,
        reason=reason, exchange=exchange.pk, ended_at=timezone.now(),
    )  # fmt: skip


def undecided(record: Patient, *candidates: dict[str, Any], verdict: str = "similar") -> Delivery:
    """A create without an answer that the look-ups could not settle. A candidate: {"id", "differs", …}."""
    made = delivery(
        record,
        "unknown",
        reason=f"looked_{verdict}",
        cause_key=f"undecided:{verdict}",
        needs_person_since=timezone.now() - timedelta(minutes=5),
    )
    attempt(made, first_name=record.first_name, last_name=record.last_name, ssn="801-31-3292")
    found = [
        {
            "record": {"first_name": "Ed", "last_name": "Edison", **c},
            "differs": c.pop("differs", []),
            "ours": False,
        }
        for c in (dict(candidate) for candidate in candidates)
    ]
    Lookup.objects.create(delivery=made, number=1, verdict=verdict, candidates=found)
    return made


def context() -> Context:
    """What olivia does in the console."""
    return Context("user:olivia", "console")
