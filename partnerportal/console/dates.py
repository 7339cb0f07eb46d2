"""Dates as people type them: 10/26/1979, 1979-10-26, Oct 26 1979. Pure; month first in doubt."""

from __future__ import annotations

import re
from datetime import date, datetime

NUMBERS = ("%m/%d/%Y", "%Y-%m-%d", "%m-%d-%Y", "%m.%d.%Y", "%Y/%m/%d")
WORDS = ("%b %d %Y", "%B %d %Y", "%d %b %Y", "%d %B %Y")
EXAMPLES = "10/26/1979, 1979-10-26 or Oct 26 1979"


def parse_day(text: str) -> date | None:
    """The day meant, or None where the text is no date with a four-digit year."""
    plain = re.sub(r"[,\s]+", " ", text).strip()
    plain = re.sub(r"(\d)(st|nd|rd|th)\b", r"\1", plain, flags=re.IGNORECASE)
    for form in (*NUMBERS, *WORDS):
        try:
            return datetime.strptime(plain, form).date()
        except ValueError:
            continue
    return None
