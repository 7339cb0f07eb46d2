"""Doctor on the wire. Source: section 4 of the contract, "doctor" [D]. Pure."""

from __future__ import annotations

from partnerportal.records.wire import canonical
from partnerportal.records.wire.attributes import Attribute, Wire

DOCTOR = Wire(
    "doctor",
    "doctors",
    (
        Attribute("first_name", "First name", required=True),
        Attribute("middle_name", "Middle name"),
        Attribute("last_name", "Last name", required=True),
        Attribute("suffix", "Suffix"),
        Attribute("certification", "Certification"),
        Attribute("specialty", "Specialty"),
        Attribute("npi", "NPI", canonical.digits),
        Attribute("provider_code", "Provider code"),
        Attribute("phone", "Phone", canonical.phone, out=canonical.phone_as_sent),
        Attribute("email", "E-mail", canonical.email),
    ),
)
