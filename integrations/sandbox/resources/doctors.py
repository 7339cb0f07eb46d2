"""Doctors: the clinicians of an enterprise; a delete only sets `soft_delete`. Source: contract, section 4."""

from integrations.sandbox.resources.description import (
    ENTERPRISE,
    ENTERPRISE_ID,
    Attribute,
    Resource,
    SubCollection,
    of,
    required,
    several,
)

RESOURCE = Resource(
    name="doctors",
    singular="doctor",
    first_id=2401,
    attributes=(
        ENTERPRISE_ID,
        required("first_name"),
        Attribute("middle_name"),
        required("last_name"),
        Attribute("phone", "phone"),
        Attribute("email", "email"),
        *several("text", "specialty", "suffix", "certification", "status", "provider_code"),
        Attribute("npi", "npi"),
        Attribute("soft_delete", "boolean", default=False),
    ),
    parents=(ENTERPRISE,),
    subs=(SubCollection("practices", "practices"), of("invoices", "doctor"), SubCollection("shifts")),
    links=("practices", "invoices", "shifts"),
    soft_delete=True,
)
