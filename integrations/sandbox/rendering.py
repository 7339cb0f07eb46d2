"""A record as the API answers it: constants, document, links. Imports resources and records."""

from collections.abc import Mapping
from typing import Any

from integrations.sandbox.assumptions import Assumptions
from integrations.sandbox.messages import Document
from integrations.sandbox.records import Record
from integrations.sandbox.resources import RESOURCES
from integrations.sandbox.routes import ROOT

INSTANTS = ("created_at", "updated_at")


def render(record: Record, host: str | None, switches: Assumptions, **extra: Any) -> Document:
    """The value below the root key. Without a host no link can be given: they are null, as in events."""
    resource = RESOURCES[record.resource]
    answer: Document = {"id": record.id, **resource.constants, **record.document, **extra}
    if switches["timestamps"] == "seconds":
        answer.update({name: answer[name][:19] + "Z" for name in INSTANTS})
    if resource.links:
        answer["links"] = _links(record, host, resource.links)
    return answer


def event_object(record: Record, switches: Assumptions) -> Document:
    """The record as an event carries it: also saying what it is."""
    return {**render(record, None, switches), "object": RESOURCES[record.resource].singular}


def _links(record: Record, host: str | None, names: tuple[str, ...]) -> Mapping[str, str | None]:
    if host is None:
        return dict.fromkeys(names)
    return {name: f"http://{host}{ROOT}/{record.resource}/{record.id}/{name}" for name in names}
