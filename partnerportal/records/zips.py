"""ZIP codes as people and spreadsheets write them → as we keep them. One way for files and forms. Pure."""

from __future__ import annotations

import re

from partnerportal.records.wire import canonical

STATES_WITH_ZERO = {"CT", "MA", "ME", "NH", "NJ", "NY", "PR", "RI", "VI", "VT", "AE"}
ZERO_BACK, ONLY_ZEROS = "zip", "zip_zero"  # what was repaired; see imports.cells.REPAIRS
_SHORT = re.compile(r"(\d{3,4})(?:-(\d{4}))?|(\d{4})(\d{4})")


def repaired(text: str, state: str = "") -> tuple[str, str]:
    """The ZIP, and what was repaired: five digits, or 5+4; what is neither stays as it is, to be refused.

    A leading zero comes back only where ZIPs have one (or the state is not said). Only zeros is how a
    spreadsheet writes an empty cell.
    """
    bare = text.strip().removesuffix(".0")
    if bare and not re.sub(r"[0-]", "", bare):
        return "", ONLY_ZEROS
    short = _SHORT.fullmatch(bare)
    if short and (not state or state in STATES_WITH_ZERO):
        five, four = short[1] or short[3], short[2] or short[4]
        return "-".join(part for part in (five.zfill(5), four) if part), ZERO_BACK
    return str(canonical.zip_code(bare) or ""), ""
