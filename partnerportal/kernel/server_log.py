"""What PostgreSQL's own log must leave out: statements, and the rows that errors quote. Imports Django only.

By default it writes each failing statement, and in DETAIL the row it tripped over: names, birth dates. What
is set here leaves the message (a name of a constraint, a type), its time and the process.
"""

from __future__ import annotations

from django.db import connection

QUIET = {
    "log_error_verbosity": "terse",  # no DETAIL, HINT, QUERY, CONTEXT
    "log_min_error_statement": "panic",  # no STATEMENT below a failing one's message
    "log_statement": "none",
    "log_duration": "off",
    "log_min_duration_statement": "-1",
    "log_min_duration_sample": "-1",
    "log_transaction_sample_rate": "0",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "debug_print_parse": "off",
    "debug_print_rewritten": "off",
    "debug_print_plan": "off",
}
# Of extensions, which a server may not have.
QUIET_EXTENSIONS = {"auto_explain.log_min_duration": "-1", "pgaudit.log": "none"}


def flags() -> list[str]:
    """The settings as words of `postgres`'s command line; docker-compose.yml has the same."""
    return [word for name, value in QUIET.items() for word in ("-c", f"{name}={value}")]


def talkative() -> list[str]:
    """What of it is set otherwise on the server, for this connection's role: "log_statement=all"."""
    wanted = {**QUIET, **QUIET_EXTENSIONS}
    columns = ", ".join("current_setting(%s, true)" for _ in wanted)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns}", list(wanted))
        found = dict(zip(wanted, cursor.fetchone(), strict=True))
    return [f"{name}={value}" for name, value in found.items() if value not in (wanted[name], None, "")]
