"""The journeys: what stands at the beginning, what is asked, which fault waits, and where the worker dies.

Each scene brings the portal to the moment before; then a worker runs into its crash point under a fault, and
another one goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
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
# Of what no request decides, a few faults are enough.
MOST = tuple(kind for kind in FAULTS if kind not in ("none", "500_before", "drop_after"))
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
    dying: dict[str, Any] = field(default_factory=dict)  # what is odd about the worker that dies (oddities)
    odd: dict[str, Any] = field(default_factory=dict)  # about both
    besides: dict[str, Any] = field(default_factory=dict)  # a fault of the sandbox besides the one chosen
    after: str = ""  # what a person does when the other worker has nothing left to do


def _onboarded(slot: Slot) -> None:
    slot.run("open_key")
    slot.run("make", name="North", practices=1)
    slot.run("ask", name="North", what="enterprise")
    said = slot.run("work")
    assert said == "quiet", said


def _patients(slot: Slot) -> None:
    _onboarded(slot)
    slot.run("make", name="South", practices=1)
    slot.run("ask", name="South", what="enterprise")
    said = slot.run("work")
    assert said == "quiet", said
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
    said = slot.run("work")
    assert said == "quiet", said
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
    said = slot.run("work")
    assert said == "quiet", said
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


def _first_push(slot: Slot) -> None:
    slot.run("open_key")
    slot.run("make", name="South", practices=1, patients=1)
    slot.run("ask", name="South")


def _untested_key(slot: Slot) -> None:
    _asked_for_patients(slot)
    slot.run("key_state", state="not_tested")


def _stranded(slot: Slot) -> None:
    _onboarded(slot)
    slot.run("make", name="South", practices=1, patients=2)
    slot.run("ask", name="South")
    slot.run("strand", name="South")


def _stormy(slot: Slot) -> None:
    _asked_for_patients(slot)


def _told(slot: Slot) -> None:
    _asked_for_patients(slot)
    slot.run("listen")
    said = slot.run("work")
    assert said == "quiet", said
    slot.run("change_there", noun="patient", city="Holyoke")


def ask_for_south(slot: Slot, **dying: Any) -> Any:
    return slot.start("ask", name="South", **dying)


SCENES = {
    scene.name: scene
    for scene in (
        Scene("patients", "patients.create", (*SENDING, "batch_counted"), _asked_for_patients),
        Scene("enterprise", "enterprises.create", ("blocked", *SENDING), _whole_enterprise),
        Scene("practices", "enterprises.practices", ("list_read", "list_tied"), _whole_enterprise),
        Scene("updates", "patients.update", SENDING, _edited),
        Scene(
            "look-up",
            "enterprises.patients",
            ("lease_renewed", "lookup_answered", "lookup_committed"),
            _lost,
        ),
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
        Scene("first push", "enterprises.create", ("stamped",), _first_push, without=MOST),
        Scene("key learnt", "patients.create", ("key_judged",), _untested_key, without=MOST),
        Scene(
            "too late",
            "patients.create",
            ("unsent",),
            _asked_for_patients,
            without=MOST,
            dying={"lease": 0.7},
        ),
        Scene(
            "own fault",
            "patients.create",
            ("given_up",),
            _asked_for_patients,
            without=MOST,
            dying={"broken": "engine"},
            after="send_failed_again",
        ),
        Scene("stranded", "enterprises.create", ("unblocked",), _stranded, without=MOST),
        Scene(
            "storm",
            "enterprises.list",
            ("sending_stopped", "probe_claimed", "sending_resumed"),
            _stormy,
            without=MOST,
            odd={"storm": 2},
            besides={"kind": "500_before", "operation": "patients.create", "count": 2},
        ),
        Scene(
            "events", "patients.get", ("event_claimed", "event_applied", "event_settled"), _told, without=MOST
        ),
        Scene(
            "own fault at an event",
            "patients.get",
            ("event_put_back",),
            _told,
            without=MOST,
            dying={"broken": "events"},
        ),
        Scene("restored", "enterprises.create", ("doubted", "compared", "permitted"), _restored),
    )
}


def fault(slot: Slot, kind: str, operation: str) -> None:
    if kind != "none":
        slot.sandbox.fault(kind=kind, operation=operation, count=1, **MORE.get(kind, {}))


def journey(slot: Slot, scene: Scene, point: str, kind: str, folder: Path) -> list[str]:
    """One worker dies at the point, under the fault; another goes on. What is wrong afterwards."""
    since = max((r["id"] for r in slot.sandbox.requests()), default=0) if scene.name == "adopting" else 0
    fault(slot, kind, scene.operation)
    if scene.besides:
        slot.sandbox.fault(**scene.besides)
    return survived(slot, scene, point, folder) + list(
        slot.run("verify", since=since, may_differ=scene.may_differ)
    )


def survived(slot: Slot, scene: Scene, point: str, folder: Path) -> list[str]:
    """The worker dies, and another does what is left."""
    start = scene.ask or (lambda slot, **dying: slot.start("work", **dying))
    died = start(slot, crash=point, mark=folder / slot.database, **scene.odd, **scene.dying).result(60)
    wrong = [] if died.status == -9 else [f"the worker did not die at {point}: {died.status} {died.result}"]
    slot.run("end_leases")  # nobody holds any: in time they would end by themselves
    said = [slot.run("work", seconds=90, **scene.odd)]
    if scene.after:
        slot.run(scene.after)
        said.append(slot.run("work", seconds=90))
    return wrong + [word for word in said if word != "quiet"]
