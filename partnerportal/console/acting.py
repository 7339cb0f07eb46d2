"""Who acts on a page: the audit context of a request. Imports audit only."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from partnerportal.audit.context import Context, user_actor


def acting(request: HttpRequest, record: Any = None, **more: Any) -> Context:
    """The context of what the signed-in person does, about `record` (a mirror row) if given."""
    if record is not None:
        more.setdefault("record", record.record_name)
        more.setdefault("enterprise", record.enterprise_pk)
        more.setdefault("patient", record.person_pk)
    return Context(actor=user_actor(request.user.get_username()), origin="console", **more)
