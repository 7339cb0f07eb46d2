"""Account types: an enterprise's categories of patients. Source: contract, section 4."""

from integrations.sandbox.resources.description import ENTERPRISE, ENTERPRISE_ID, Resource, required

RESOURCE = Resource(
    name="account_types",
    singular="account_type",
    first_id=31,
    actions=("list", "get", "create", "update"),
    attributes=(ENTERPRISE_ID, required("name")),
    parents=(ENTERPRISE,),
)
