"""The two kinds of contract model, and the formats that attributes share.

Owns strictness (what we send) and tolerance (what we receive). May import pydantic only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    StringConstraints,
    ValidationError,
    ValidatorFunctionWrapHandler,
    field_validator,
)


class Request(BaseModel):
    """What we send: an unknown attribute or a wrong type is an error here, before anything leaves.

    The API itself ignores unknown attributes ([A], contract 3), so a misspelt one would be lost silently
    there.
    """

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class Record(BaseModel):
    """What we receive: every attribute optional, unknown ones kept (`model_extra`), a misfit never an
    exception.

    An attribute that is not of its documented type reads as None and is named in `misfits`; whoever keeps the
    whole answer still has it as it came.
    """

    model_config = ConfigDict(extra="allow")
    _misfits: tuple[str, ...] = PrivateAttr(default=())

    @field_validator("*", mode="wrap")
    @classmethod
    def _tolerate(cls, value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
        try:
            return handler(value)
        except ValidationError:
            return None

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        """The record in `raw` (the object below the root key), whatever it looks like."""
        record = cls.model_validate(dict(raw))
        known = cls.model_fields.keys() & raw.keys()
        record._misfits = tuple(
            sorted(name for name in known if raw[name] is not None and getattr(record, name) is None)
        )
        return record

    @property
    def misfits(self) -> tuple[str, ...]:
        """Names of the attributes that came in another type than documented."""
        return self._misfits


class AnyRecord(Record):
    """A record of a collection that we list but do not type: its id, everything else as it came."""

    id: int | None = None


def _date_text(value: str) -> str:
    """`YYYY-MM-DD`, or a full ISO instant where the vendor's own examples send one (contract, preface)."""
    if not re.match(r"\d{4}-\d{2}-\d{2}(T\d|$)", value):
        raise ValueError("is not a date like 2026-01-31")
    if len(value) == 10:
        date.fromisoformat(value)
    else:
        datetime.fromisoformat(value)
    return value


def _phone_text(value: str) -> str:
    if value and (re.search(r"[^0-9+()\-. xX]", value) or len(re.sub(r"\D", "", value)) < 7):
        raise ValueError("is not a phone number")
    return value


# Formats that the contract gives. What only our own forms demand (two-letter states, ten-digit NPIs, zips) is
# not here: the vendor's examples break those rules, and the API must get its own say.
Name = Annotated[str, StringConstraints(pattern=r"\S")]
DateText = Annotated[str, AfterValidator(_date_text)]
ClockText = Annotated[str, StringConstraints(pattern=r"^(\d{4}-\d{2}-\d{2})?T?\d{1,2}:\d{2}")]
Phone = Annotated[str, AfterValidator(_phone_text)]
Email = Annotated[str, StringConstraints(pattern=r"^([^@\s]+@[^@\s]+)?$")]
Ssn = Annotated[str, StringConstraints(pattern=r"^\d{3}-?\d{2}-?\d{4}$")]
Npi = Annotated[str, StringConstraints(pattern=r"^\d{0,10}$")]
WebUrl = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+\S*$")]
Id = Annotated[int, Field(gt=0)]
Cents = int
# The vendor's own example of a soft delete sends the word, not the value.
Flag = bool | Literal["true", "false"]
