"""Whether this deployment may send where its settings point: asked before each round. Imports stamp."""

from __future__ import annotations

from partnerportal.accounts import stamp
from partnerportal.delivery import brakes


def belongs() -> bool:
    """False, and everything is stopped with the reason, where the settings name another environment."""
    try:
        stamp.verify()
    except stamp.OtherEnvironment as error:
        brakes.stop_all(str(error))
        return False
    return True
