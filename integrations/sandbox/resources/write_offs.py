"""Write-offs: what an enterprise no longer asks of a patient. Source: contract, sections 4 and 5."""

from integrations.sandbox.resources.description import Parent, Resource, required

RESOURCE = Resource(
    name="write_offs",
    singular="write_off",
    first_id=8_000_001,
    actions=("list", "get", "create"),
    attributes=(
        required("patient_id", "integer"),
        required("date", "date"),
        required("write_off_code_id", "integer"),
        required("amount_cents", "amount"),
    ),
    parents=(Parent("patient_id", "patients"), Parent("write_off_code_id", "write_off_codes")),
)
