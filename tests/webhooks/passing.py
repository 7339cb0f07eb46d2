"""Time that passes for what is kept, without anyone waiting: the rows' own times are moved back."""

from __future__ import annotations

import time

from django.db import connection

# What webhooks, their checks and the outbox compare with the clock.
TABLES = (
    "webhooks_event", "webhooks_lateevent", "webhooks_refusal", "webhooks_retiredkey", "records_endpoint",
    "delivery_delivery", "delivery_attempt",
)  # fmt: skip
_COLUMNS = """
SELECT table_name, column_name FROM information_schema.columns
WHERE table_schema = 'public' AND data_type = 'timestamp with time zone' AND table_name = ANY(%s)
"""


class Passing:
    """A day that passes in a minute. `now`: seconds since it began, those that truly passed included."""

    def __init__(self) -> None:
        self._begun, self._moved = time.monotonic(), 0.0
        with connection.cursor() as cursor:
            cursor.execute(_COLUMNS, [list(TABLES)])
            found: dict[str, list[str]] = {}
            for table, column in cursor.fetchall():
                found.setdefault(table, []).append(
                    f"{column} = {column} - make_interval(secs => %(seconds)s)"
                )
        self._moves = "; ".join(f"UPDATE {table} SET {', '.join(sets)}" for table, sets in found.items())

    @property
    def now(self) -> float:
        return self._moved + time.monotonic() - self._begun

    def until(self, moment: float) -> None:
        """Let it be that moment, unless it is past."""
        seconds = moment - self.now
        if seconds > 0:
            with connection.cursor() as cursor:
                cursor.execute(self._moves, {"seconds": seconds})
            self._moved += seconds
