"""The nouns this sandbox keeps, each described in a file of its own.

A new noun is a new file and a line here.
"""

from integrations.sandbox.resources import (
    account_types,
    admin_organizations,
    doctors,
    enterprises,
    patients,
    practices,
    users,
)
from integrations.sandbox.resources.description import Resource

RESOURCES: dict[str, Resource] = {
    module.RESOURCE.name: module.RESOURCE
    for module in (enterprises, practices, doctors, patients, account_types, users, admin_organizations)
}
SEEDS = {"users": users.SEEDS, "admin_organizations": admin_organizations.SEEDS}
"""Records that every account has from its first day."""
