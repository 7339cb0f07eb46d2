"""What the database role of the running services may do. Owns the GRANTs; imports Django's connection only.

Migrations run as the owning role. Services run under this one: it reads and writes everything but the
append-only tables, where it may insert and select and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.db import connection, transaction
from psycopg import sql

TRIGGER_PREFIX = "audit_append_only"
READ_ONLY = ("django_migrations",)


class GrantError(Exception):
    """The grants can't be made; the text says why and is for the terminal."""


@dataclass(frozen=True)
class ServiceRole:
    """A role's name and password, as they stand in the services' own DATABASE_URL."""

    name: str
    password: str

    @classmethod
    def from_url(cls, url: str) -> ServiceRole:
        """Raises GrantError when the address names no user or no password."""
        parts = urlsplit(url)
        if not parts.username or not parts.password:
            raise GrantError("SERVICE_DATABASE_URL must name a user and a password.")
        return cls(unquote(parts.username), unquote(parts.password))


def grant_service_role(role: ServiceRole) -> list[str]:
    """Create or renew the role and its rights, in one transaction; returns the append-only tables.

    Run it after each migration: rights on new tables start as insert and select, and this adds the rest.
    Raises GrantError when the role is the owner's own, or no append-only table is found.
    """
    with transaction.atomic():
        closed = append_only_tables()
        _refuse(role, closed)
        _login(role)
        _grant(role, closed)
    return closed


def append_only_tables() -> list[str]:
    """Tables of the public schema that carry a trigger of the audit's, by name."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE t.tgname LIKE %s AND c.relnamespace = 'public'::regnamespace ORDER BY 1",
            [f"{TRIGGER_PREFIX}%"],
        )
        return [str(row[0]) for row in cursor.fetchall()]


def _refuse(role: ServiceRole, closed: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        owner = str(cursor.fetchone()[0])
    if role.name == owner:
        raise GrantError(f"The services must not run as {owner}, the role that owns the tables.")
    if not closed:
        raise GrantError("No append-only table found: migrate first.")


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
                "{verb} ROLE {name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD {hashed}"
            ).format(verb=sql.SQL(verb), name=sql.Identifier(role.name), hashed=sql.Literal(hashed.decode()))
        )


def _grant(role: ServiceRole, closed: list[str]) -> None:
    name = sql.Identifier(role.name)
    database = sql.Identifier(str(connection.settings_dict["NAME"]))
    statements = [
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, name),
        sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(name),
        sql.SQL("GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {}").format(name),
        sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}").format(name),
        sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT ON TABLES TO {}").format(
            name
        ),
        sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {}").format(
            name
        ),
    ]
    for table in (*closed, *READ_ONLY):
        statements.append(_revoke(table, name, "UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER"))
    statements += [_revoke(table, name, "INSERT") for table in READ_ONLY]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _revoke(table: str, role: sql.Identifier, rights: str) -> sql.Composed:
    return sql.SQL("REVOKE {} ON TABLE public.{} FROM {}").format(
        sql.SQL(rights),
        sql.Identifier(table),
        role,
    )
