"""Write-off codes: an enterprise's reasons for asking a patient no longer. Source: contract, section 4."""

from integrations.sandbox.resources.description import (
    ENTERPRISE,
    ENTERPRISE_ID,
    Attribute,
    Resource,
    required,
)

RESOURCE = Resource(
    name="write_off_codes",
    singular="write_off_code",
    first_id=111_001,
    actions=("list", "get", "create"),
    attributes=(ENTERPRISE_ID, required("code"), Attribute("description", "note")),
    parents=(ENTERPRISE,),
)
