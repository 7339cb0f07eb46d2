"""Practice: the place below an enterprise that patients, doctors and invoices name.

Owns its request and record models. May import contract.model only.
"""

from __future__ import annotations

from integrations.inboxhealth.contract.model import ClockText, Id, Name, Record, Request


class PracticeAttributes(Request):
    """What a practice may be sent with; all optional, so also the attributes of an update. Contract 4."""

    name: Name | None = None
    enterprise_id: Id | None = None
    address_line_1: str | None = None
    address_line_2: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    time_zone: str | None = None
    monday_open: ClockText | None = None
    monday_close: ClockText | None = None
    tuesday_open: ClockText | None = None
    tuesday_close: ClockText | None = None
    wednesday_open: ClockText | None = None
    wednesday_close: ClockText | None = None
    thursday_open: ClockText | None = None
    thursday_close: ClockText | None = None
    friday_open: ClockText | None = None
    friday_close: ClockText | None = None
    saturday_open: ClockText | None = None
    saturday_close: ClockText | None = None
    sunday_open: ClockText | None = None
    sunday_close: ClockText | None = None


class PracticeRequest(PracticeAttributes):
    """A practice to create."""

    name: Name
    enterprise_id: Id


class PracticeChild(PracticeAttributes):
    """A practice inside `practices_attributes`: with an id it is updated, without one created. Contract 3."""

    id: Id | None = None


class PracticeRecord(Record):
    """A practice as the API answers it."""

    id: int | None = None
    created_at: str | None = None
    updated_at: str | None = None
    enterprise_id: int | None = None
    name: str | None = None
    address_line_1: str | None = None
    address_line_2: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    time_zone: str | None = None
    soft_delete: bool | None = None
