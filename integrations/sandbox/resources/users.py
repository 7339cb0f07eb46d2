"""Users of an account: read only; two are there from the account's first day. Source: contract, section 4."""

from integrations.sandbox.resources.description import Attribute, Resource, several

RESOURCE = Resource(
    name="users",
    singular="user",
    first_id=501,
    actions=("list",),
    attributes=(*several("text", "first_name", "last_name", "role"), Attribute("email", "email")),
)

SEEDS = (
    {"first_name": "Dana", "last_name": "Demo", "role": "admin", "email": "dana@example.com"},
    {"first_name": "Pat", "last_name": "Manager", "role": "practice_manager", "email": "pat@example.com"},
)
