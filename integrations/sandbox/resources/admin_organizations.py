"""Admin organisations: the partner itself, read only, one an account. Source: contract, section 4."""

from integrations.sandbox.resources.description import Resource, required

RESOURCE = Resource(
    name="admin_organizations",
    singular="admin_organization",
    first_id=71,
    actions=("list",),
    attributes=(required("name"),),
)

SEEDS = ({"name": "Partner organisation"},)
