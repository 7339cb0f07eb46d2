"""A dump taken while the engine runs, hours lost, the dump restored: nothing twice, nothing lost."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.dumps import dump, restore
from tests.journeys.yard import Services, Slot, Yard

pytestmark = pytest.mark.django_db
PEOPLE, BILLED = "South", "North"  # one enterprise's patients go out beside the other's money
ALL = ("enterprises", "practices", "patients", "invoices", "line_items", "payments", "invoice_payments",
       "payment_adjustments", "write_offs", "write_off_codes")  # fmt: skip
MONEY = ("invoices", "payments", "invoice_payments")


@pytest.fixture(scope="module")
def small_yard(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Yard]:
    with django_db_blocker.unblock():
        made = Yard(Services.of_the_tests(), tmp_path_factory.mktemp("yard"), 1)
    yield made
    made.close()


def _there(slot: Slot, resource: str) -> int:
    return len(slot.sandbox.records(resource))


def _until(slot: Slot, number: int) -> None:
    """So many patients of the one and payments of the other have arrived, both."""
    end = time.monotonic() + 500
    while _there(slot, "patients") < number or _there(slot, "payments") < number // 8:
        assert time.monotonic() < end, f"{_there(slot, 'patients')} of {number} patients arrived"
        time.sleep(0.3)


def _on_the_way(slot: Slot, patients: int) -> None:
    """Two enterprises are there: patients of the one, and money of the other's, wait to be sent."""
    slot.run("open_key")
    slot.run("make", name=BILLED, practices=1, patients=patients // 3)
    slot.run("make", name=PEOPLE, practices=1)
    slot.run("ask", name=BILLED)
    slot.run("ask", name=PEOPLE, what="enterprise")
    assert slot.run("work") == "quiet"
    slot.run("enter_money", name=BILLED)
    slot.run("more_patients", name=PEOPLE, number=patients, in_bulk=True)
    slot.run("ask_for_money", name=BILLED)
    slot.run("ask", name=PEOPLE)


def _crashed_and_restored(slot: Slot, yard: Yard, file: Path, patients: int) -> None:
    """Dumped at a third, killed at two thirds, restored."""
    _on_the_way(slot, patients)
    first = _there(slot, "patients")
    worker = slot.begin("work", seconds=600)
    _until(slot, first + patients // 3)
    dump(yard.services, slot.database, file)
    _until(slot, first + 2 * patients // 3)
    worker.kill()
    restore(yard.services, slot.database, file)


def _twice(slot: Slot) -> dict[str, int]:
    """How many of each there are too many: a patient has one visit, and one payment applied to it."""
    telling = {"patients": "health_record_id", "invoices": "patient_id", "payments": "patient_id",
               "invoice_payments": "invoice_id"}  # fmt: skip
    seen = {name: Counter(row[key] for row in slot.sandbox.records(name)) for name, key in telling.items()}
    return {name: sum(number - 1 for number in found.values()) for name, found in seen.items()}


def _requests(slot: Slot) -> int:
    return max((request["id"] for request in slot.sandbox.requests()), default=0)


def _drill(slot: Slot, yard: Yard, file: Path, patients: int) -> None:
    _crashed_and_restored(slot, yard, file, patients)
    sent = _requests(slot)
    slot.begin("work", seconds=4).ended.result(60)
    assert _requests(slot) == sent, "a restored database sent something before anybody said that it may"
    assert "restored" in slot.run("restored")[0]
    assert slot.begin("work", seconds=560, pulls=True).ended.result(600).result == "quiet"
    print(f"{_requests(slot) - sent} requests after the restore")
    assert _twice(slot) == {"patients": 0, **dict.fromkeys(MONEY, 0)}
    assert slot.run("verify", since=sent) == []
    assert slot.run("disagreements", name=BILLED) == []


def test_what_was_sent_after_the_dump_is_not_sent_again(small_yard: Yard, tmp_path: Path) -> None:
    with small_yard.slot() as slot:
        _drill(slot, small_yard, tmp_path / "dump", 30)


def test_all_that_was_sent_edited_and_entered_in_the_lost_hours_is_one_afterwards(
    small_yard: Yard, tmp_path: Path
) -> None:
    with small_yard.slot() as slot:
        slot.run("open_key")
        for name in ("West", PEOPLE):
            slot.run("make", name=name, practices=1, patients=1)
            slot.run("ask", name=name)
        slot.run("work")
        slot.run("money", name="West", what="payment")
        assert slot.run("work") == "quiet"
        slot.run("make", name="Never asked for", practices=2, patients=1)
        for what in ("refund", "visit", "applied", "equal payments", "write-off"):
            slot.run("money", name="West", what=what)
        dump(small_yard.services, slot.database, tmp_path / "dump")
        slot.run("ask", name="Never asked for")
        slot.run("edit", name=PEOPLE)
        slot.run("more_patients", name=PEOPLE, number=2)
        slot.run("ask", name=PEOPLE)
        assert slot.run("work") == "quiet"
        slot.run("money", name=PEOPLE, what="payment")
        assert slot.run("work") == "quiet"
        there = {noun: _there(slot, noun) for noun in ALL}
        sent = _requests(slot)
        restore(small_yard.services, slot.database, tmp_path / "dump")
        slot.run("restored")
        assert slot.begin("work", seconds=90, pulls=True).ended.result(100).result == "quiet"
        slot.run("more_patients", name=PEOPLE, number=2)  # the same file once more
        slot.run("ask", name=PEOPLE)
        slot.run("ask", name="Never asked for")
        assert slot.begin("work", seconds=90, pulls=True).ended.result(100).result == "quiet"
        assert {noun: _there(slot, noun) for noun in ALL} == there
        assert slot.run("cities", name=PEOPLE) == ["Boston", "", ""]
        slot.run("read_everything")
        assert slot.begin("work", seconds=90, pulls=True).ended.result(100).result == "quiet"
        assert slot.run("verify", since=sent) == []
        assert slot.run("disagreements", name="West") == []


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_three_hundred_patients_and_the_money_of_a_hundred(small_yard: Yard, tmp_path: Path) -> None:
    with small_yard.slot() as slot:
        _drill(slot, small_yard, tmp_path / "dump", 300)
