"""Creating, updating and deleting records inside one transaction, nested children and seeds included."""

import sqlite3
from dataclasses import dataclass, replace

from integrations.sandbox import records
from integrations.sandbox.assumptions import Assumptions
from integrations.sandbox.messages import Document, RefusedError
from integrations.sandbox.records import Record
from integrations.sandbox.resources import RESOURCES, SEEDS
from integrations.sandbox.resources.description import Nested, Resource
from integrations.sandbox.validation import check

NOT_YOURS = "not your enterprise"
SEED_ATTRIBUTES = ("name", "address_line_1", "address_line_2", "city", "state", "zip", "time_zone")


@dataclass(frozen=True)
class Workbench:
    """A transaction, whose account it works for, and how the switches stand."""

    tx: sqlite3.Connection
    account: int
    switches: Assumptions

    def own(self, resource: str, record_id: int) -> Record:
        """The record. Raises RefusedError 404 when there is none, 403 when it is another account's."""
        found = records.find(self.tx, resource, record_id)
        if found is None:
            raise RefusedError(404, "not found")
        if found.account != self.account:
            raise RefusedError(403, NOT_YOURS)
        return found


def create(bench: Workbench, resource: Resource, sent: Document) -> Record:
    """Validate and insert, children too. Raises RefusedError 422 or 403; then nothing is kept."""
    values = check(resource, sent, bench.switches, creating=True)
    enterprise = _parents(bench, resource, values, None)
    record_id = records.next_id(bench.tx, resource.name)
    now = records.later_than(None)
    document = {**values, "created_at": now, "updated_at": now}
    owner = record_id if resource.name == "enterprises" else enterprise
    record = Record(resource.name, record_id, bench.account, owner, document, _hidden(resource, document))
    _number_external_ids(bench, document, {})
    records.write(bench.tx, record)
    for nested in resource.nested:
        _children(bench, record, nested, sent.get(nested.attribute) or [])
    if resource.name == "enterprises" and not sent.get("practices_attributes"):
        seed = {name: document[name] for name in SEED_ATTRIBUTES}
        create(bench, RESOURCES["practices"], {**seed, "enterprise_id": record_id})
    return record


def update(bench: Workbench, record: Record, sent: Document) -> Record:
    """Merge what was sent. Raises RefusedError 422 or 403; then nothing is kept."""
    resource = RESOURCES[record.resource]
    values = check(resource, sent, bench.switches, creating=False)
    _parents(bench, resource, values, record.enterprise_id)
    _number_external_ids(bench, values, record.document)
    changed = touch(record, values)
    records.write(bench.tx, changed)
    for nested in resource.nested:
        _children(bench, record, nested, sent.get(nested.attribute) or [])
    return changed


def touch(record: Record, values: Document) -> Record:
    """The record with these values and a later updated_at."""
    stamp = records.later_than(record.document["updated_at"])
    document = {**record.document, "updated_at": stamp, **values}
    return replace(record, document=document, hidden=_hidden(RESOURCES[record.resource], document))


def delete(bench: Workbench, record: Record) -> Record:
    """Softly where the resource says so; the record as it was left."""
    if not RESOURCES[record.resource].soft_delete:
        records.remove(bench.tx, record)
        return record
    gone = touch(record, {"soft_delete": True})
    records.write(bench.tx, gone)
    return gone


def seed_account(tx: sqlite3.Connection, account: int) -> None:
    """What an account has from its first day: users and its own organisation."""
    bench = Workbench(tx, account, Assumptions())
    for name, rows in SEEDS.items():
        for row in rows:
            create(bench, RESOURCES[name], dict(row))


def _hidden(resource: Resource, document: Document) -> bool:
    return resource.soft_delete and bool(document.get("soft_delete"))


def _parents(bench: Workbench, resource: Resource, values: Document, enterprise: int | None) -> int | None:
    """Check that every parent named is there and of one enterprise; that enterprise's id."""
    for parent in resource.parents:
        value = values.get(parent.attribute)
        if value is None:
            continue
        found = records.find(bench.tx, parent.resource, value)
        if found is None:
            raise RefusedError(422, {parent.attribute: ["must exist"]})
        if found.account != bench.account:
            raise RefusedError(403, NOT_YOURS)
        if enterprise not in (None, found.enterprise_id):
            raise RefusedError(422, {parent.attribute: ["must belong to the same enterprise"]})
        enterprise = found.enterprise_id
    return enterprise


def _children(bench: Workbench, owner: Record, nested: Nested, rows: object) -> None:
    """Write `…_attributes`: a child with an id is updated, one without is created."""
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise RefusedError(422, {nested.attribute: ["is invalid"]})
    for row in rows:
        try:
            _child(bench, owner, nested, row)
        except RefusedError as problem:
            named = {f"{nested.resource}.{name}": text for name, text in problem.errors.items()}
            raise RefusedError(problem.status, named) from None


def _child(bench: Workbench, owner: Record, nested: Nested, row: Document) -> None:
    if row.get("id") is None:
        create(bench, RESOURCES[nested.resource], {**row, nested.parent_attribute: owner.id})
        return
    child = records.find(bench.tx, nested.resource, row["id"]) if isinstance(row["id"], int) else None
    if child is None or child.document.get(nested.parent_attribute) != owner.id:
        raise RefusedError(422, {"id": ["must exist"]})
    update(bench, child, row)


def _number_external_ids(bench: Workbench, values: Document, before: Document) -> None:
    """Each external id has an id of its own; one that was there before keeps it."""
    known = {(one["issuer"], one["external_id"]): one["id"] for one in before.get("external_ids") or []}
    if values.get("external_ids"):
        values["external_ids"] = [
            {"id": known.get(tuple(one.values())) or records.next_id(bench.tx, "external_ids"), **one}
            for one in values["external_ids"]
        ]
