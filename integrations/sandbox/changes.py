"""Creating, updating and deleting records inside one transaction, nested children and seeds included.

Imports the workbench, the ledger (to say whose figures a write makes stale), validation and storage.
"""

import sqlite3
from dataclasses import replace
from typing import Any

from integrations.sandbox import ledger, records
from integrations.sandbox.assumptions import Assumptions
from integrations.sandbox.messages import Document, RefusedError
from integrations.sandbox.records import Record
from integrations.sandbox.resources import RESOURCES, SEEDS
from integrations.sandbox.resources.description import Nested, Resource
from integrations.sandbox.validation import check
from integrations.sandbox.workbench import NOT_YOURS, Workbench

MUST_EXIST = "must exist"
SEED_ATTRIBUTES = ("name", "address_line_1", "address_line_2", "city", "state", "zip", "time_zone")


def create(bench: Workbench, resource: Resource, sent: Document, **more: Any) -> Record:
    """Validate and insert, children too; `more` is kept besides what may be sent.

    Raises RefusedError 422 or 403; then nothing is kept.
    """
    values = check(resource, sent, bench.switches, creating=True)
    enterprise = _parents(bench, resource, values, None)
    record_id = records.next_id(bench.tx, resource.name)
    now = records.later_than(None)
    document = {**values, **more, "created_at": now, "updated_at": now}
    owner = record_id if resource.name == "enterprises" else enterprise
    record = Record(resource.name, record_id, bench.account, owner, document, _hidden(resource, document))
    _number_external_ids(bench, document, {})
    keep(bench, record, "created")
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
    changed = record
    if not resource.quiet or any(record.document.get(name) != value for name, value in values.items()):
        changed = touch(record, values)
        keep(bench, changed)
    for nested in resource.nested:
        _children(bench, record, nested, sent.get(nested.attribute) or [])
    return changed


def touch(record: Record, values: Document) -> Record:
    """The record with these values and a later updated_at."""
    stamp = records.later_than(record.document["updated_at"])
    document = {**record.document, "updated_at": stamp, **values}
    return replace(record, document=document, hidden=_hidden(RESOURCES[record.resource], document))


def keep(bench: Workbench, record: Record, verb: str = "updated") -> None:
    """Store it, and remember what follows from that: an event, and figures to reckon anew."""
    records.write(bench.tx, record)
    bench.wrote(record, verb)
    bench.stale.update(ledger.concerns(record))


def delete(bench: Workbench, record: Record) -> Record:
    """Softly where the resource says so; the record as it was left."""
    if RESOURCES[record.resource].soft_delete:
        gone = touch(record, {"soft_delete": True})
        keep(bench, gone)
        return gone
    records.remove(bench.tx, record)
    bench.written.pop((record.resource, record.id), None)
    bench.removed.add((record.resource, record.id))
    bench.stale.update(ledger.concerns(record))
    return record


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
        # A deleted invoice takes nothing any more; a deleted doctor's old visits can still be written.
        if found is None or (found.hidden and parent.resource == "invoices"):
            raise RefusedError(422, {parent.attribute: [MUST_EXIST]})
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
        raise RefusedError(422, {"id": [MUST_EXIST]})
    update(bench, child, row)


def _number_external_ids(bench: Workbench, values: Document, before: Document) -> None:
    """Each external id has an id of its own; one that was there before keeps it."""
    known = {(one["issuer"], one["external_id"]): one["id"] for one in before.get("external_ids") or []}
    if values.get("external_ids"):
        values["external_ids"] = [
            {"id": known.get(tuple(one.values())) or records.next_id(bench.tx, "external_ids"), **one}
            for one in values["external_ids"]
        ]
