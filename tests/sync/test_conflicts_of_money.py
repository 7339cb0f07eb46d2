"""Money changed on both sides: a person decides, the balance follows, and what waited to be sent goes on."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from partnerportal.audit.models import Entry
from partnerportal.audit.sealed import unseal
from partnerportal.delivery import deleting, needs, services
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.services import NotPossible
from partnerportal.records.account import NotAllowed
from partnerportal.records.billing import Charge, Visit, assign_balance, change_line
from partnerportal.records.models import InvoicePayment, LineItem, Patient, Payment
from partnerportal.records.paying import Taken, apply_to, change_applied, take_payment
from partnerportal.records.state import SyncState
from partnerportal.sync import conflicts, mending
from partnerportal.sync.conflicts import OURS, THEIRS
from tests.cast import Stage, make_enterprise, make_patient, make_practice
from tests.sync.scene import delete, edit, pull, tie

DAY = date(2026, 11, 2)
CHARGE = "total_charge_amount_cents"


@pytest.fixture
def line(stage: Stage) -> LineItem:
    """$100.00 on both sides; then $90.00 here and $120.00 there."""
    row = visit(stage)
    changed = change_line(row, Charge("Visit", 9_000))
    edit(stage, changed, total_charge_amount_cents=12_000)
    pull(stage)
    return fresh(changed)  # type: ignore[no-any-return]


def visit(stage: Stage) -> LineItem:
    """One line of $100.00 of a patient, sent."""
    elm = make_enterprise()
    practice = make_practice(elm)
    ada = make_patient(elm)
    tie(stage, elm, practice, ada)
    invoice = assign_balance(ada, Visit(practice, DAY, [Charge("Visit", 10_000)]))
    services.request_push(stage.context, invoice)
    stage.run()
    return invoice.lines.get()


def fresh(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def owes(row: Any) -> int:
    return int(Patient.objects.get(pk=row.account_pk).balance_cents)


def decide(stage: Stage, row: Any, **choices: str) -> Any:
    conflicts.decide(stage.context, row.noun, row.pk, choices, "they called", conflicts.stamp(row))
    return fresh(row)


def test_the_charge_is_in_conflict_and_ours_counts_until_it_is_decided(stage: Stage, line: LineItem) -> None:
    assert (line.sync_state, line.conflicts) == (SyncState.CONFLICT, [CHARGE])
    assert owes(line) == 9_000


def test_with_theirs_the_balance_is_reckoned_anew_and_both_values_are_kept(
    stage: Stage, line: LineItem
) -> None:
    row = decide(stage, line, **{CHARGE: THEIRS})
    assert (row.total_charge_amount_cents, row.sync_state) == (12_000, SyncState.IN_SYNC)
    assert owes(row) == 12_000
    entry = Entry.objects.get(action="line_item_conflict_decided")
    assert (entry.actor, entry.patient, entry.record) == ("user:ola", row.account_pk, row.record_name)
    content = unseal(entry) or {}
    assert content["decided"][CHARGE] == {
        "kept": "theirs", "ours": 9_000, "theirs": 12_000, "acknowledged": 10_000,
    }  # fmt: skip


def test_with_ours_the_push_that_waited_goes_on(stage: Stage, line: LineItem) -> None:
    services.request_push(stage.context, line)
    stage.run()
    delivery = Delivery.objects.get(noun="line_item", kind="push")
    assert (delivery.state, delivery.reason) == ("blocked", "conflict")
    assert not needs.needing(stage.operator).exists()
    decide(stage, line, **{CHARGE: OURS})
    stage.run()
    assert stage.there("line_items")[0][CHARGE] == 9_000
    assert (fresh(line).sync_state, owes(line)) == (SyncState.IN_SYNC, 9_000)


def test_a_deleted_line_asks_nobody(stage: Stage, line: LineItem) -> None:
    line.deleted = True
    line.save()
    assert (line.conflicts, line.dirty, line.sync_state) == ([], [], SyncState.REMOVED)
    assert conflicts.open_fields(line) == []


def test_theirs_can_not_apply_more_than_the_payment_has(stage: Stage) -> None:
    part = applied(stage, 4_000)
    change_applied(part, 1_000)
    apply_to(part.payment, part.invoice, 3_000)
    edit(stage, part, paid_amount_cents=2_000)
    pull(stage)
    torn = fresh(part)
    assert torn.conflicts == ["paid_amount_cents"]
    with pytest.raises(NotAllowed, match=r"\$20.00 is more than the \$10.00 left of PAY-"):
        decide(stage, torn, paid_amount_cents=THEIRS)
    assert fresh(part).amount_cents == 1_000


def applied(stage: Stage, cents: int) -> InvoicePayment:
    """A payment of so much applied to the visit, sent."""
    line = visit(stage)
    payment = take_payment(line.patient, Taken(cents, "check"))
    part = apply_to(payment, line.invoice, cents)
    assert part is not None
    services.request_push(stage.context, part)
    stage.run()
    return fresh(part)  # type: ignore[no-any-return]


def test_a_line_that_is_gone_there_can_be_marked_removed_here(stage: Stage) -> None:
    line = visit(stage)
    delete(stage, line)
    pull(stage)
    assert (fresh(line).sync_state, owes(line)) == (SyncState.MISSING_THERE, 10_000)
    mending.mark_removed(stage.context, "line_item", line.pk)
    assert (fresh(line).sync_state, owes(line)) == (SyncState.REMOVED, 0)
    assert Entry.objects.filter(action="line_item_marked_removed").exists()
    pull(stage)
    assert fresh(line).sync_state == SyncState.REMOVED


def test_a_line_that_is_gone_there_can_be_sent_again(stage: Stage) -> None:
    line = visit(stage)
    delete(stage, line)
    pull(stage)
    row = mending.untie_missing(stage.context, "line_item", line.pk)
    services.request_push(stage.context, row)
    stage.run()
    known = fresh(line)
    assert known.sync_state == SyncState.IN_SYNC and known.remote_id != line.remote_id


def test_an_invoice_that_is_gone_there_goes_here_with_its_lines_and_what_was_applied(stage: Stage) -> None:
    part = applied(stage, 4_000)
    delete(stage, part.invoice)
    pull(stage)
    assert fresh(part.invoice).sync_state == SyncState.MISSING_THERE
    mending.mark_removed(stage.context, "invoice", part.invoice_id)
    line = part.invoice.lines.get()
    assert {fresh(row).sync_state for row in (part.invoice, part, line)} == {SyncState.REMOVED}
    assert owes(part) == -4_000


def test_deleting_a_line_that_is_gone_there_already_ends_as_deleted(stage: Stage) -> None:
    line = visit(stage)
    delete(stage, line)
    pull(stage)
    deleting.delete_line(stage.context, fresh(line))
    stage.run()
    assert (fresh(line).sync_state, owes(line)) == (SyncState.REMOVED, 0)


def test_a_payment_that_is_gone_there_is_sent_again_after_its_parts(stage: Stage) -> None:
    part = applied(stage, 4_000)
    for row in (part, part.payment):
        row.missing_since = row.created_at
        row.save()
    with pytest.raises(NotPossible, match=r"IP-.* Mark it removed first"):
        mending.untie_missing(stage.context, "payment", part.payment_id)
    mending.mark_removed(stage.context, "invoice_payment", part.pk)
    mending.untie_missing(stage.context, "payment", part.payment_id)
    assert Payment.objects.get().sync_state == SyncState.NOT_SENT
    assert owes(part) == 10_000 - 4_000
