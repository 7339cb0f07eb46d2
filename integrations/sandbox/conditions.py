"""Under which conditions a sandbox runs: switches, faults, limits, password, who may steer it."""

from dataclasses import dataclass

from integrations.sandbox.assumptions import Assumptions
from integrations.sandbox.faults import FaultBook
from integrations.sandbox.limits import Limits


@dataclass(frozen=True)
class Conditions:
    """`open_control`: `/_sandbox/` answers callers on other machines too (a container's neighbours, say).

    `webhook_hosts` are sent events besides this machine.
    """

    switches: Assumptions
    faults: FaultBook
    limits: Limits
    password: str
    open_control: bool = False
    webhook_hosts: frozenset[str] = frozenset()
