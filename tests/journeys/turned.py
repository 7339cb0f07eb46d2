"""One journey with one assumption of the contract turned: creates, a lost answer, an update, a delete."""

from __future__ import annotations

from tests.journeys.scenes import fault
from tests.journeys.yard import Slot

X_API_KEY = ("key_schemes", "x-api-key")


def turned(slot: Slot, name: str, value: str) -> list[str]:
    """What is wrong afterwards."""
    slot.sandbox.assume(**{name: value})
    slot.run("open_key", scheme="x-api-key" if (name, value) == X_API_KEY else "basic")
    slot.run("make", name="South", practices=2, patients=3)
    slot.run("ask", name="South")
    for kind, operation in (
        ("429", "patients.create"), ("drop_after", "enterprises.create"), ("drop_after", "patients.create"),
        ("drop_before", "patients.create"), ("half", "patients.update"),
    ):  # fmt: skip
        fault(slot, kind, operation)
    said = [slot.run("work")]
    slot.run("edit", name="South")
    slot.run("ask", name="South")
    said.append(slot.run("work"))
    return [each for each in said if each != "quiet"] + list(slot.run("verify"))
