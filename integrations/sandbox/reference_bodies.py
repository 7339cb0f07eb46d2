"""What the sandbox's reference can try: its operations, and for each a body that works as it stands.

Imports routes and resources; the records that examples name are asked of whoever knows them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from integrations.sandbox import routes
from integrations.sandbox.resources import RESOURCES
from integrations.sandbox.resources.description import Attribute, Resource

Newest = Callable[[str], int | None]
"""The id of the newest record of a resource, None without any: what examples name."""

SAMPLES: dict[str, Any] = {
    "phone": "(203) 555-0142",
    "zip": "06460",
    "email": "someone@example.com",
    "npi": "1234567893",
    "date": "2026-11-02",
    "birthday": "1984-03-09",
    "integer": 1,
    "number": 6.35,
    "cents": 2000,
    "bytes": 2048,
    "amount": 500,
    "quantity": 1,
    "payment_method": "cash",
    "web_address": "http://127.0.0.1:9/webhooks",
    "event_types": ["patient_created"],
    "boolean": False,
}
PARTS, PART = {"paid_amount_cents", "amount_cents"}, 500
"""What is taken of another amount is less than it."""
SAID: dict[str, dict[str, Any]] = {"payments": {"apply_payment": False}}
"""Else what is left of it is up to the enterprise."""


@dataclass(frozen=True)
class Shown:
    """One operation as its form needs it."""

    name: str
    verb: str
    path: str
    resource: Resource

    @property
    def action(self) -> str:
        return self.name.partition(".")[2]

    @property
    def lists(self) -> bool:
        return self.verb == "GET" and self.action != "get" and self.action != "download"


def operations() -> dict[str, list[Shown]]:
    """All of them, by resource."""
    found: dict[str, list[Shown]] = {}
    for name, verb, path in routes.table():
        resource = RESOURCES[name.partition(".")[0]]
        found.setdefault(resource.name, []).append(Shown(name, verb, routes.ROOT + path, resource))
    return found


def body_of(shown: Shown, newest: Newest) -> dict[str, Any]:
    """A body that works: what is needed, with ids of records that are there."""
    if shown.action == "create_import_batch":
        return _required(RESOURCES["import_batches"], newest)
    if shown.action == "quick_pay":
        resources = RESOURCES["invoices"], RESOURCES["payments"]
        return {one.singular: _whole(one, newest) for one in resources}
    if shown.action == "update":
        known = newest(shown.resource.name) or 1
        changed = next(one for one in shown.resource.attributes if not one.fixed)
        return {"id": known, shown.resource.singular: {changed.name: _value(shown.resource, changed, newest)}}
    whole = _whole(shown.resource, newest)
    return {shown.resource.singular: {**whole, **SAID.get(shown.resource.name, {})}}


def _whole(resource: Resource, newest: Newest) -> dict[str, Any]:
    values = _required(resource, newest)
    for nested in resource.nested:
        child = RESOURCES[nested.resource]
        parent = {nested.parent_attribute, "enterprise_id"}
        inner = {name: value for name, value in _required(child, newest).items() if name not in parent}
        if not any(one.attribute in inner for one in child.parents):  # else it would need a record besides
            values[nested.attribute] = [inner]
    return values


def _required(resource: Resource, newest: Newest) -> dict[str, Any]:
    return {one.name: _value(resource, one, newest) for one in resource.attributes if one.required}


def _value(resource: Resource, attribute: Attribute, newest: Newest) -> Any:
    parent = next((one for one in resource.parents if one.attribute == attribute.name), None)
    if parent is not None:
        return newest(parent.resource) or 1
    known = {**SAMPLES, "cents": PART} if attribute.name in PARTS else SAMPLES
    return known.get(attribute.kind, f"Sample {attribute.name.replace('_', ' ')}")
