"""What is sent for a record, from the record as it is now. Reads rows, writes none. Imports records, kernel.

Our reference travels in external_ids of patients [A]: load-bearing only as evidence that a record is ours,
never as proof that it is not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from partnerportal.delivery import money_bodies
from partnerportal.delivery.models import Delivery
from partnerportal.kernel import keyring
from partnerportal.records.matching import ISSUER, row_name_key
from partnerportal.records.models import MONEY, Enterprise, Mirror, Practice


@dataclass(frozen=True)
class Step:
    """One request: operation name, path and body; `sent` is {attribute: value} for the acknowledgement."""

    operation: str
    path: dict[str, Any]
    body: dict[str, Any] | None
    sent: dict[str, Any] = field(default_factory=dict)
    sameness: str = ""

    @property
    def creates(self) -> bool:
        return self.operation.endswith(".create")


def step_for(delivery: Delivery, row: Mirror) -> Step | None:
    """The request that brings the twin to what the row is; None where there is nothing to send."""
    if delivery.kind == Delivery.Kind.REMOVE:
        return Step(f"{row.wire.resource}.delete", {"id": row.remote_id}, None) if row.remote_id else None
    if row.remote_id is None:
        return None if money_bodies.is_done(row) else _create(row)
    sent = row.wire.update_payload(row) or money_bodies.carrier(row)
    if not sent:
        return None
    body = {"id": row.remote_id, row.noun: sent, **money_bodies.beside(row)}
    return Step(f"{row.wire.resource}.update", {"id": row.remote_id}, body, sent)


def _create(row: Mirror) -> Step:
    sent = row.wire.create_payload(row)
    body: dict[str, Any] = dict(sent)
    if row.noun in MONEY:
        return _create_money(row, sent)
    if isinstance(row, Enterprise):
        practices = [p.wire.create_payload(p) for p in unsent_practices(row)]
        body |= {"practices_attributes": practices} if practices else {}
    elif row.noun != "endpoint":
        body["enterprise_id"] = _enterprise(row).remote_id
    if row.noun == "patient":
        body["external_ids"] = [{"issuer": ISSUER, "external_id": str(row.reference)}]
    return Step(f"{row.wire.resource}.create", {}, {row.noun: body}, sent, sameness(row))


def _create_money(row: Mirror, sent: dict[str, Any]) -> Step:
    """The money's nouns name their parents themselves; an invoice takes its lines along."""
    inner, remembered = money_bodies.within(row)
    body = {row.noun: {**sent, **inner}, **money_bodies.beside(row)}
    return Step(f"{row.wire.resource}.create", {}, body, {**sent, **remembered}, sameness(row))


def unsent_practices(enterprise: Enterprise) -> list[Practice]:
    """The practices that go out with their enterprise's create: valid, and not there yet."""
    rows = enterprise.practices.filter(remote_id=None).order_by("pk")
    return [practice for practice in rows if not practice.not_valid]


def sameness(row: Mirror) -> str:
    """Equal for records that a look-up could not tell apart: same parent, same name (and birth date)."""
    return sameness_of(row.noun, 0 if row.noun == "enterprise" else row.enterprise_pk, row_name_key(row))


def sameness_of(noun: str, parent: int, key: str) -> str:
    """The same of a record there. `parent`: the primary key of its enterprise, 0 for an enterprise."""
    return keyring.fingerprint("sameness", f"{noun}\x00{parent}\x00{key}")


def _enterprise(row: Any) -> Enterprise:
    enterprise: Enterprise = row.enterprise
    return enterprise
