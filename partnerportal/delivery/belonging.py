"""Whether this deployment may send, and where its settings point: asked before each round. Imports stamp."""

from __future__ import annotations

from partnerportal.accounts import stamp
from partnerportal.audit import checkpoint
from partnerportal.delivery import brakes


def belongs() -> bool:
    """False, and everything is stopped with the reason, where the settings name another environment; False
    too without a permit to send: what a restored database holds is not looked at before `restored` ran.
    """
    if not checkpoint.is_allowed() and checkpoint.renew() is not None:
        return False
    try:
        stamp.verify()
    except stamp.OtherEnvironment as error:
        brakes.stop_all(str(error))
        return False
    return True
