"""Who asks, for what, and why: carried from the click or the schedule to the audit rows. Pure values."""

from __future__ import annotations

from dataclasses import dataclass, replace

SCHEDULE = "schedule"


def user_actor(username: str) -> str:
    return f"user:{username}"


def command_actor(name: str) -> str:
    return f"command:{name}"


@dataclass(frozen=True)
class Context:
    """The values of an audit row that the caller knows. `record` is "patient:P-12", `cause` "batch:B-3"."""

    actor: str = SCHEDULE
    origin: str = "schedule"
    lane: str = "interactive"
    record: str = ""
    enterprise: int | None = None
    patient: int | None = None
    batch: int | None = None
    cause: str = ""
    delivery: int | None = None
    attempt: int | None = None

    def about(self, **values: object) -> Context:
        """The same context about something else."""
        return replace(self, **values)  # type: ignore[arg-type]
