"""Payment reasons: an enterprise's codes for why insurance paid what it paid. Source: contract, section 4."""

from integrations.sandbox.resources.description import (
    ENTERPRISE,
    ENTERPRISE_ID,
    Attribute,
    Resource,
    required,
)

RESOURCE = Resource(
    name="payment_reasons",
    singular="payment_reason",
    first_id=101_001,
    actions=("list", "get", "create", "update"),
    attributes=(ENTERPRISE_ID, required("code"), Attribute("description", "note")),
    parents=(ENTERPRISE,),
)
