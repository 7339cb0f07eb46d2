"""What a request may set: casts each attribute by its kind and gathers the messages. No storage here."""

from integrations.sandbox.assumptions import Assumptions
from integrations.sandbox.kinds import KINDS, NEVER_NULL, InvalidValueError
from integrations.sandbox.messages import Document, Errors, RefusedError
from integrations.sandbox.resources.description import Attribute, Resource

BLANK = "can't be blank"
READ_ONLY = {"id", "created_at", "updated_at", "links", "object"}


def check(resource: Resource, sent: Document, switches: Assumptions, *, creating: bool) -> Document:
    """The values to store: every attribute for a create, only those sent for an update.

    Raises RefusedError 422 with all messages at once.
    """
    errors: Errors = _refused(resource, sent) if switches["unknown_attributes"] == "refused" else {}
    values: Document = {}
    for attribute in resource.attributes:
        if attribute.name in sent and (creating or not attribute.fixed):
            _cast(attribute, sent, switches, values, errors)
        elif creating:
            values[attribute.name] = attribute.default
            if attribute.required:
                errors[attribute.name] = [BLANK]
    if errors:
        raise RefusedError(422, errors)
    return values


def _refused(resource: Resource, sent: Document) -> Errors:
    known = READ_ONLY | resource.writable.keys() | {one.attribute for one in resource.nested}
    return {name: ["is not permitted"] for name in sent if name not in known}


def _cast(
    attribute: Attribute, sent: Document, switches: Assumptions, values: Document, errors: Errors
) -> None:
    name, value = attribute.name, sent[attribute.name]
    try:
        cast = None if value is None else KINDS[attribute.kind](value)
    except InvalidValueError as refusal:
        errors[name] = [str(refusal)]
        return
    if attribute.kind == "phone" and switches["phone_rewrite"] == "no" and cast is not None:
        cast = str(value).strip()
    if cast is None and attribute.kind in NEVER_NULL:
        cast = attribute.default
    if attribute.required and cast in (None, "", []):
        errors[name] = [BLANK]
    if attribute.kind == "external_ids" and (cast is None or switches["external_ids"] == "dropped"):
        cast = []
    values[name] = cast
