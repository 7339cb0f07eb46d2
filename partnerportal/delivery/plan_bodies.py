"""What a plan's records would send, as a keyed digest: equal digests, equal bodies. Reads rows, writes none.

The encrypted answers and SSNs are not decrypted for it: what changed is stored with the row, and an SSN goes
in by its fingerprint. Imports records and the kernel.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from partnerportal.delivery.money_bodies import of_line, unsent_lines
from partnerportal.delivery.payloads import unsent_practices
from partnerportal.kernel import keyring
from partnerportal.records.models import Enterprise, Invoice, Mirror, Patient

CHUNK = 5000
_OF_PATIENTS = ("practice", "account_type")
HARMLESS = (None, "complete", "excluded")  # billing statuses under which no statement goes out


def planned(queryset: Any) -> Iterator[Mirror]:
    """The rows of a selection in the order of their ids, light, with their enterprise at hand."""
    homes: dict[int, Enterprise] = {}
    parents = _parents(queryset.model)
    heavy = [
        *_heavy(queryset.model),
        *(f"{name}__{one}" for name, of in parents.items() for one in _heavy(of)),
    ]
    rows = queryset.order_by("pk").select_related(*parents).defer(*heavy)
    for row in rows.iterator(chunk_size=CHUNK):
        pk = getattr(row, "enterprise_id", None)
        if pk is not None:
            if pk not in homes:
                homes[pk] = Enterprise.objects.light().get(pk=pk)
            row.enterprise = homes[pk]
        yield row


def body_of(row: Mirror) -> dict[str, Any]:
    """{attribute: canonical value} that a push of the row as it is now would send."""
    found = {a.name: _value(a, row) for a in row.wire.sendable(row)}
    if row.remote_id is not None:
        return {name: found[name] for name in row.dirty if name in found}
    sent = {name: value for name, value in found.items() if value is not None}
    if isinstance(row, Enterprise):
        sent["practices"] = [p.wire.create_payload(p) for p in unsent_practices(row)]
    if isinstance(row, Invoice):
        sent["lines"] = [of_line(line) for line in unsent_lines(row)]
        sent["email"] = row.email_to
    return sent


def digest(body: dict[str, Any]) -> str:
    return keyring.fingerprint("plan-body", json.dumps(body, sort_keys=True, default=str))


def starts_statements(body: dict[str, Any]) -> bool:
    """Whether sending it makes Inbox Health bill the person. Source: contract, "billing_status"."""
    return body.get("billing_status") not in HARMLESS


def _value(attribute: Any, row: Any) -> Any:
    if attribute.secret:
        return row.ssn_fingerprint or None
    if attribute.field.endswith("_remote_id"):  # ours: the parent gets its id there by going first
        return getattr(row, f"{attribute.field.removesuffix('_remote_id')}_id")
    return attribute.form(attribute.ours(row))


def _heavy(model: Any) -> list[str]:
    return ["remote", "acknowledged", *(a.field or a.name for a in model.wire.attributes if a.secret)]


def _parents(model: Any) -> dict[str, Any]:
    """The fields that lead to what must be there first, besides the enterprise: their models."""
    names = getattr(model, "parent_fields", ()) or (_OF_PATIENTS if model is Patient else ())
    return {name: model._meta.get_field(name).related_model for name in names}
