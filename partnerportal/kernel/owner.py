"""Who connects as the owner of the tables: the commands named here. Everything else is a service.

The owner's address is DATABASE_URL, the services' SERVICE_DATABASE_URL. Imports nothing: settings reads it.
"""

from __future__ import annotations

COMMANDS = frozenset({"migrate", "grant_service_role", "reencrypt", "restored"})


def address_of(command: str) -> str:
    """The name of the variable that holds the database's address for a command of manage.py."""
    return "DATABASE_URL" if command in COMMANDS else "SERVICE_DATABASE_URL"


def command_of(arguments: list[str]) -> str:
    """The command in sys.argv, which Django takes from the first place; empty where there is none."""
    return arguments[1] if len(arguments) > 1 else ""
