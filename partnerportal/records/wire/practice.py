"""Practice on the wire. Source: section 4 of the contract, "practice" [D]. Pure."""

from __future__ import annotations

from partnerportal.records.wire.attributes import Attribute, Wire
from partnerportal.records.wire.enterprise import ADDRESS

PRACTICE = Wire(
    "practice",
    "practices",
    (Attribute("name", "Name", required=True), *ADDRESS, Attribute("time_zone", "Time zone")),
)
