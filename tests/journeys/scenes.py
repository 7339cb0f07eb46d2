"""The journeys: what stands at the beginning, what is asked, which fault waits, and where the worker dies.

Each scene brings the portal to the moment before; then a worker runs into its crash point under a fault, and
another one goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.journeys.yard import Slot

FAULTS = (
    "none",
    "429",
    "500_before",
    "500_after",
    "drop_before",
    "drop_after",
    "late",
    "drip",
    "half",
    "html",
)
MORE: dict[str, dict[str, Any]] = {"late": {"delay": 0.4}, "drip": {"interval": 0.2}}
SENDING = (
    "claimed", "reserved", "in_flight_committed", "exchange_committed", "answer_received", "answer_committed",
    "settled",
)  # fmt: skip


@dataclass(frozen=True)
class Scene:
    """`operation` goes wrong once; `points` are where the worker may die ("name:N": the N-th time)."""

    name: str
    operation: str
    points: tuple[str, ...]
    before: Callable[[Slot], None]
    ask: Callable[[Slot], None] | None = None  # asked by the process that dies, where the point is in asking
    without: tuple[str, ...] = ()  # faults under which a point is never reached
    may_differ: str = ""  # a noun that was tied to what differs there


def _onboarded(slot: Slot) -> None:
    slot.run("open_key")
    slot.run("make", name="North", practices=1)
    slot.run("ask", name="North", what="enterprise")
    assert slot.run("work") == "quiet"


def _patients(slot: Slot) -> None:
    _onboarded(slot)
    slot.run("make", name="South", practices=1)
    slot.run("ask", name="South", what="enterprise")
    assert slot.run("work") == "quiet"
    slot.run("more_patients", name="South", number=2)


def _asked_for_patients(slot: Slot) -> None:
    _patients(slot)
    slot.run("ask", name="South")


def _restored(slot: Slot) -> None:
    slot.run("open_key")
    slot.run("make", name="South", practices=1, patients=1)
    slot.run("seem_restored")
    slot.run("ask", name="South")


def _whole_enterprise(slot: Slot) -> None:
    _onboarded(slot)
    slot.run("make", name="South", practices=2, patients=1)
    slot.run("ask", name="South")


def _edited(slot: Slot) -> None:
    _asked_for_patients(slot)
    assert slot.run("work") == "quiet"
    slot.run("edit", name="South")
    slot.run("ask", name="South")


def _lost(slot: Slot) -> None:
    """A create that did not land, but nobody knows."""
    _onboarded(slot)
    slot.run("more_patients", name="North", number=1)
    slot.run("ask", name="North")
    fault(slot, "drop_before", "patients.create")
    assert slot.run("work", until="unknown") == "unknown"


def _lost_update(slot: Slot) -> None:
    _onboarded(slot)
    slot.run("more_patients", name="North", number=1)
    slot.run("ask", name="North")
    assert slot.run("work") == "quiet"
    slot.run("edit", name="North")
    slot.run("ask", name="North")
    fault(slot, "drop_before", "patients.update")
    assert slot.run("work", until="unknown") == "unknown"


def _adopted(slot: Slot) -> None:
    """An enterprise that is there already, with a patient of the same chart number as one of ours."""
    slot.run("open_key")
    slot.run("make", name="East", patients=2)
    remote = slot.run("adopt", name="East", charts=["East-1"])
    slot.run("link", name="East", remote_id=remote)
    slot.run("ask", name="East")


def _half_sent(slot: Slot) -> None:
    """A worker died before its request: the next one has to revive."""
    _asked_for_patients(slot)
    mark = slot.sandbox.state / f"half-{slot.database}"
    ended = slot.start("work", crash="in_flight_committed", mark=mark).result(60)
    assert ended.status == -9, ended.result


def ask_for_south(slot: Slot, **dying: Any) -> Any:
    return slot.start("ask", name="South", **dying)


SCENES = {
    scene.name: scene
    for scene in (
        Scene("patients", "patients.create", SENDING, _asked_for_patients),
        Scene("enterprise", "enterprises.create", ("blocked", *SENDING), _whole_enterprise),
        Scene("practices", "enterprises.practices", ("list_read", "list_tied"), _whole_enterprise),
        Scene("updates", "patients.update", SENDING, _edited),
        Scene("look-up", "enterprises.patients", ("lookup_answered", "lookup_committed"), _lost),
        Scene("put back", "enterprises.patients", ("put_back",), _lost, without=("none",)),
        Scene(
            "re-send",
            "patients.create",
            (
                "in_flight_committed",
                "exchange_committed:3",
                "answer_received:3",
                "answer_committed:3",
                "settled",
            ),
            _lost,
        ),
        Scene("look-up of an update", "patients.get", ("lookup_answered", "lookup_committed"), _lost_update),
        Scene(
            "adopting",
            "enterprises.patients",
            ("list_read:2", "list_tied:2"),
            _adopted,
            may_differ="enterprise",
        ),
        Scene("reviving", "patients.create", ("revived",), _half_sent),
        Scene("asking", "patients.create", ("ringing", "confirmed", "enqueued"), _patients, ask_for_south),
        Scene("restored", "enterprises.create", ("doubted",), _restored),
    )
}


def fault(slot: Slot, kind: str, operation: str) -> None:
    if kind != "none":
        slot.sandbox.fault(kind=kind, operation=operation, count=1, **MORE.get(kind, {}))


def journey(slot: Slot, scene: Scene, point: str, kind: str, folder: Path) -> list[str]:
    """One worker dies at the point, under the fault; another goes on. What is wrong afterwards."""
    scene.before(slot)
    since = max((r["id"] for r in slot.sandbox.requests()), default=0) if scene.name == "adopting" else 0
    fault(slot, kind, scene.operation)
    mark = folder / slot.database
    start = scene.ask or (lambda slot, **dying: slot.start("work", **dying))
    died = start(slot, crash=point, mark=mark).result(60)
    wrong = [] if died.status == -9 else [f"the worker did not die at {point}: {died.status} {died.result}"]
    said = slot.run("work", seconds=90)
    return (
        wrong
        + ([] if said == "quiet" else [said])
        + list(slot.run("verify", since=since, may_differ=scene.may_differ))
    )
