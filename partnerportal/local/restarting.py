"""When what ended is started again: at once, then after pauses that grow while it keeps ending. Pure."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

LONGEST = 30.0  # seconds of a pause
CALM = 60.0  # seconds of life after which an end counts as the first one


@dataclass
class Pauses:
    """The restarts of one program. Times are of time.monotonic."""

    started: float = field(default_factory=time.monotonic)
    ends: int = 0
    due: float | None = None  # when it is started again; None while it runs

    def ended(self) -> float:
        """It ended now: seconds until it is started again. 0, 1, 2, 4, … up to LONGEST."""
        now = time.monotonic()
        self.ends = 1 if now - self.started > CALM else self.ends + 1
        pause = 0.0 if self.ends == 1 else min(2.0 ** (self.ends - 2), LONGEST)
        self.due = now + pause
        return pause

    def begun(self) -> None:
        self.started, self.due = time.monotonic(), None

    @property
    def is_due(self) -> bool:
        return self.due is not None and time.monotonic() >= self.due
