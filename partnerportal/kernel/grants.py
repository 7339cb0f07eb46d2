"""Gives the services' database role what rights.py says, and nothing else. Imports Django's connection only.

Migrations run as the owning role, services as this one. It owns nothing, so it can't lift a trigger either.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.db import connection, transaction
from psycopg import sql

from partnerportal.kernel.rights import ALL_BUT_KEY, RIGHTS

_TABLES = """
SELECT c.relname FROM pg_class c LEFT JOIN pg_depend d
    ON d.objid = c.oid AND d.classid = 'pg_class'::regclass AND d.deptype = 'e'
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relnamespace = 'public'::regnamespace AND d.objid IS NULL
ORDER BY 1
"""
_ALL_BUT_KEY = """
SELECT a.attname FROM pg_attribute a
LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary AND a.attnum = ANY (i.indkey)
WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped AND i.indrelid IS NULL
ORDER BY a.attnum
"""


class GrantError(Exception):
    """The grants can't be made; the text says why and is for the terminal."""


@dataclass(frozen=True)
class ServiceRole:
    """A role's name and password, as they stand in SERVICE_DATABASE_URL."""

    name: str
    password: str

    @classmethod
    def from_url(cls, url: str) -> ServiceRole:
        """Raises GrantError when the address names no user or no password."""
        parts = urlsplit(url)
        if not parts.username or not parts.password:
            raise GrantError("SERVICE_DATABASE_URL must name a user and a password.")
        return cls(unquote(parts.username), unquote(parts.password))


def grant_service_role(role: ServiceRole) -> int:
    """Create or renew the role and its rights, in one transaction; returns the number of tables.

    Run it after each migration: the role has no right on a new table until then.
    Raises GrantError when the role is the owner's own, or rights.py does not name each table.
    """
    with transaction.atomic():
        found = tables()
        _refuse(role, found)
        _login(role)
        with connection.cursor() as cursor:
            for statement in _statements(role.name, found):
                cursor.execute(statement)
    return len(found)


def tables() -> list[str]:
    """Tables and views of the public schema, without those of extensions, by name."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        return [str(row[0]) for row in cursor.fetchall()]


def _refuse(role: ServiceRole, found: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        owner = str(cursor.fetchone()[0])
    if role.name == owner:
        raise GrantError(f"The services must not run as {owner}, the role that owns the tables.")
    if not found:
        raise GrantError("No table found: migrate first.")
    unnamed = [table for table in found if table not in RIGHTS]
    if unnamed:
        raise GrantError(
            f"Nothing says what the services may do with {', '.join(unnamed)}: "
            "add each to RIGHTS in partnerportal/kernel/rights.py, with the least that its code needs."
        )


def _login(role: ServiceRole) -> None:
    """The password is hashed here, so that no server log ever holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role.name])
        verb = "ALTER" if cursor.fetchone() else "CREATE"
        hashed = connection.connection.pgconn.encrypt_password(
            role.password.encode(), role.name.encode(), b"scram-sha-256"
        )
        cursor.execute(
            sql.SQL(
                "{verb} ROLE {name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
                " PASSWORD {hashed}"
            ).format(verb=sql.SQL(verb), name=sql.Identifier(role.name), hashed=sql.Literal(hashed.decode()))
        )


def _statements(name: str, found: list[str]) -> Iterator[sql.Composed]:
    """Everything is taken first. Nobody sees the moment between: it is one transaction."""
    role = sql.Identifier(name)
    everything = (
        "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}",
        "REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM {}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON SEQUENCES FROM {}",
        "REVOKE ALL ON SCHEMA public FROM {}",
        "GRANT USAGE ON SCHEMA public TO {}",
        "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {}",  # the next number, and no other
    )
    yield from (sql.SQL(statement).format(role) for statement in everything)
    database = sql.Identifier(str(connection.settings_dict["NAME"]))
    yield sql.SQL("REVOKE ALL ON DATABASE {} FROM {}").format(database, role)
    yield sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, role)
    for table in found:
        if RIGHTS[table]:
            rights = sql.SQL(RIGHTS[table].replace(ALL_BUT_KEY, "{}")).format(_all_but_key(table))
            yield sql.SQL("GRANT {} ON TABLE public.{} TO {}").format(rights, sql.Identifier(table), role)


def _all_but_key(table: str) -> sql.Composed:
    with connection.cursor() as cursor:
        cursor.execute(_ALL_BUT_KEY, [f'public."{table}"'])
        return sql.SQL(", ").join(sql.Identifier(str(row[0])) for row in cursor.fetchall())
