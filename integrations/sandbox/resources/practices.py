"""Practices: the places of an enterprise. Source: section 4 of the contract."""

from integrations.sandbox.resources.description import (
    ADDRESS,
    ENTERPRISE,
    ENTERPRISE_ID,
    Attribute,
    Resource,
    SubCollection,
    of,
    required,
    several,
)

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
HOURS = tuple(f"{day}_{edge}" for day in DAYS for edge in ("open", "close"))

RESOURCE = Resource(
    name="practices",
    singular="practice",
    first_id=1301,
    attributes=(
        required("name"),
        ENTERPRISE_ID,
        *ADDRESS,
        Attribute("time_zone", "time_zone", default="Eastern Time (US & Canada)"),
        *several("text", *HOURS),
    ),
    parents=(ENTERPRISE,),
    subs=(
        of("invoices", "practice"),
        SubCollection("practice_users"),
        SubCollection("users", "users", "account", "account"),
        SubCollection("doctors", "doctors"),
    ),
    links=("invoices", "practice_users", "users", "doctors"),
)
