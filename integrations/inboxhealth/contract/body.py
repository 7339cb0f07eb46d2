"""Bodies: a noun's attributes below its root key, with what stands beside it at the top level.

Owns how a request model is wrapped. May import contract.model only.
"""

from __future__ import annotations

from typing import Any

from pydantic import create_model

from integrations.inboxhealth.contract.model import Id, Request


def create_body(root: str, attributes: type[Request], **beside: Any) -> type[Request]:
    """The model of `{root: {…}}`; `beside` are optional top-level attributes by name and type. Contract 3."""
    fields: dict[str, Any] = {name: (kind | None, None) for name, kind in beside.items()}
    fields[root] = (attributes, ...)
    return create_model(f"{attributes.__name__}Body", __base__=Request, **fields)


def update_body(root: str, attributes: type[Request], **beside: Any) -> type[Request]:
    """The model of `{"id": …, root: {changed attributes}}`. Contract 3."""
    fields: dict[str, Any] = {"id": (Id, ...), root: (attributes, ...)}
    fields |= {name: (kind | None, None) for name, kind in beside.items()}
    return create_model(f"{attributes.__name__}UpdateBody", __base__=Request, **fields)
