"""What a request that was done is answered with: a record, a page of them, two at once, or a file.

Imports listing and rendering; changes nothing.
"""

from typing import Any

from integrations.sandbox import listing, records, rendering
from integrations.sandbox.listing import Query
from integrations.sandbox.messages import Answer, Call, Document, as_json
from integrations.sandbox.records import Record
from integrations.sandbox.resources import RESOURCES
from integrations.sandbox.resources.description import Nested
from integrations.sandbox.routes import Route
from integrations.sandbox.workbench import Workbench

LARGEST_FILE = 1_000_000


def one(bench: Workbench, host: str, record: Record, status: int) -> Answer:
    singular = RESOURCES[record.resource].singular
    return as_json({singular: whole(bench, host, record)}, status)


def whole(bench: Workbench, host: str, record: Record) -> Document:
    """The record, with those of its children that its answer holds."""
    extra: dict[str, Any] = {}
    for nested in RESOURCES[record.resource].nested:
        if nested.switch is None or bench.switches[nested.switch] == "yes":
            extra[nested.resource] = _children(bench, host, record, nested)
    return rendering.render(record, host, bench.switches, **extra)


def _children(bench: Workbench, host: str, record: Record, nested: Nested) -> list[Document]:
    rows = records.children(bench.tx, nested.resource, nested.parent_attribute, record.id)
    return [rendering.render(row, host, bench.switches) for row in rows]


def quick_pay(bench: Workbench, host: str, invoice: Record, payment: Record, status: int) -> Answer:
    """Both records or the payment alone: which of them is documented nowhere."""
    made = [payment] if bench.switches["quick_pay_answer"] == "payment" else [invoice, payment]
    found = [records.find(bench.tx, row.resource, row.id) or row for row in made]
    return as_json({RESOURCES[row.resource].singular: whole(bench, host, row) for row in found}, status)


def page_of(bench: Workbench, route: Route, call: Call, quirks: frozenset[str]) -> Answer:
    """One page of a list. Raises RefusedError 400, 403 and 404."""
    sub = route.sub
    owner = bench.own(route.resource.name, route.record_id) if sub else None
    target = RESOURCES[sub.resource] if sub and sub.resource else route.resource
    query = Query(target, call.query, bench.switches, quirks)
    if sub and sub.resource is None:
        found = listing.empty(query)
    else:
        value = owner.owner_value(sub.value) if sub and owner else None
        found = listing.fetch(bench.tx, query, bench.account, sub, value)
    rows = [rendering.render(row, call.host, bench.switches) for row in found.rows]
    body: Document = {sub.name if sub else target.name: rows}
    return as_json(body if bench.switches["meta"] == "absent" else {**body, "meta": found.meta})


def download(record: Record) -> Answer:
    """As many bytes as the description says, up to a million, of its type: the sandbox holds no file."""
    line = f"{record.document.get('display_name') or record.id}\n".encode()
    size = min(int(record.document.get("size") or 0), LARGEST_FILE)
    content = (line * (size // len(line) + 1))[:size]
    return Answer(200, content, record.document.get("mime_type") or "application/octet-stream")
