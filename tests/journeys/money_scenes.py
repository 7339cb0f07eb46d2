"""The journeys of money: one act alone is on its way when the worker dies, under a fault."""

from __future__ import annotations

from pathlib import Path

from tests.journeys.scenes import FAULTS, SENDING, Scene, fault, survived
from tests.journeys.yard import Slot

NAME = "South"


def _entered(slot: Slot, *acts: str) -> None:
    """Two patients who are there; all acts but the last are sent, the last is asked for."""
    slot.run("open_key")
    slot.run("make", name=NAME, practices=1, patients=2)
    slot.run("ask", name=NAME)
    assert slot.run("work") == "quiet"
    for act in acts[:-1]:
        slot.run("money", name=NAME, what=act)
        assert slot.run("work") == "quiet"
    slot.run("money", name=NAME, what=acts[-1])


def _lost(slot: Slot, operation: str, *acts: str) -> None:
    """A create that did not land, but nobody knows."""
    _entered(slot, *acts)
    fault(slot, "drop_before", operation)
    assert slot.run("work", until="unknown") == "unknown"


def _scene(name: str, operation: str, *acts: str, points: tuple[str, ...] = SENDING) -> Scene:
    return Scene(name, operation, points, lambda slot: _entered(slot, *acts))


READ = ("list_read", "list_tied")
LOOKED = ("lookup_answered", "lookup_committed")
MONEY_SCENES = {
    scene.name: scene
    for scene in (
        _scene("a visit", "invoices.create", "visit"),
        _scene("its lines read back", "invoices.line_items", "visit", points=READ),
        _scene("a line", "line_items.create", "visit", "line"),
        _scene("a changed line", "line_items.update", "visit", "change line"),
        _scene("a deleted line", "line_items.delete", "visit", "no line"),
        _scene("a deleted visit", "invoices.delete", "visit", "no invoice"),
        _scene("a payment", "payments.create", "payment"),
        _scene("equal payments", "payments.create", "equal payments"),
        _scene("applied", "invoice_payments.create", "visit", "payment", "applied"),
        _scene("unapplied", "invoice_payments.update", "visit", "payment", "applied", "unapplied"),
        _scene("a refund", "payment_adjustments.create", "payment", "refund"),
        _scene("a void", "payment_adjustments.create", "visit", "payment", "applied", "void"),
        _scene("a write-off", "write_offs.create", "write-off"),
        Scene(
            "a lost payment", "patients.payments", LOOKED,
            lambda slot: _lost(slot, "payments.create", "payment"),
        ),
        Scene(
            "a lost line", "invoices.line_items", LOOKED,
            lambda slot: _lost(slot, "line_items.create", "visit", "line"),
        ),
        Scene(
            "a lost void", "payments.get", LOOKED,
            lambda slot: _lost(slot, "payment_adjustments.create", "payment", "void"),
        ),
    )
}  # fmt: skip


def crashes(rounds: int) -> list[tuple[str, str, str]]:
    """(scene, point, fault): each point of each scene under `rounds` of the faults, another one each time."""
    steps = [(scene.name, point) for scene in MONEY_SCENES.values() for point in scene.points]
    return [
        (name, point, FAULTS[(number * 3 + turn * 7) % len(FAULTS)])
        for number, (name, point) in enumerate(steps)
        for turn in range(rounds)
    ]


def journey(slot: Slot, scene: Scene, point: str, kind: str, folder: Path) -> list[str]:
    """One worker dies at the point, under the fault; another goes on. What is wrong afterwards."""
    fault(slot, kind, scene.operation)
    wrong = survived(slot, scene, point, folder)
    return wrong + list(slot.run("verify")) + list(slot.run("disagreements"))
