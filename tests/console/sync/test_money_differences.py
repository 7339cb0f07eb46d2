"""Differences of money: shown in words and led to from its own page, decided by who may, in scope."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from partnerportal.accounts.models import Staff
from partnerportal.audit.models import Entry
from partnerportal.console import needs_groups
from partnerportal.records import apply, merging
from partnerportal.records.models import Doctor, Invoice, Patient, Payment, PaymentReason, Practice
from partnerportal.records.state import SyncState
from partnerportal.sync import conflicts, differences, lists, mending
from tests.console.cast import person, signed_in
from tests.console.money.payer import owes, payment, visit

BEFORE, AFTER = "2026-11-24T10:00:00.000Z", "2026-11-24T10:00:05.000Z"


def there(row: Any, number: int) -> Any:
    """At Inbox Health as it is here."""
    sent = row.wire.create_payload(row)
    apply.accept(row, sent, {**sent, "id": number, "updated_at": BEFORE}, created=True)
    return row


def tear(row: Any, **theirs: Any) -> Any:
    """Changed there too, after it was changed here."""
    row.save()
    merging.take(row, {**(row.remote or {}), **theirs, "updated_at": AFTER})
    return row


@pytest.fixture
def torn(ed: Patient) -> dict[str, Any]:
    """By noun: an invoice, its line, a payment, the part applied and a code, each in conflict."""
    annex = Practice.objects.create(enterprise=ed.enterprise, name="Annex")
    paid = payment(ed, 4_000, visit(ed, 10_000))
    invoice, part = Invoice.objects.get(), paid.applications.get()
    line = invoice.lines.get()
    reason = PaymentReason.objects.create(enterprise=ed.enterprise, code="CO-3")
    for number, row in enumerate(
        (ed.enterprise, annex, invoice.practice, ed, invoice, line, paid, part, reason)
    ):
        there(row, 101 + number)
    invoice.practice, invoice.date_of_service = annex, date(2026, 11, 3)
    line.total_charge_amount_cents, paid.description, part.amount_cents = 9_000, "Check 17", 3_000
    reason.description = "Co-pay"
    tear(invoice, practice_id=999, date_of_service="2026-11-04")
    tear(line, total_charge_amount_cents=12_000)
    tear(paid, description="Check 71")
    tear(part, paid_amount_cents=2_000)
    tear(reason, description="Copay")
    return {row.noun: row for row in (invoice, line, paid, part, reason)}


def page_of(row: Any) -> str:
    return f"/differences/{row.noun}/{row.pk}/"


def shown(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return str(answer.content.decode())


def decide(client: Client, row: Any, **data: Any) -> Any:
    return client.post(page_of(row), {"stamp": conflicts.stamp(row), "reason": "they called", **data})


def test_each_is_listed_counted_and_led_to_from_where_it_stands(
    operator: Staff, ed: Patient, torn: dict[str, Any]
) -> None:
    client = signed_in(operator)
    for noun, row in torn.items():
        assert page_of(row) in shown(client, f"/differences/?tab=conflicts&noun={noun}"), noun
    assert needs_groups.total(operator) == len(torn) == differences.asking(operator)
    assert page_of(torn["line_item"]) in shown(client, "/needs/")
    homes = {
        "invoice": f"/records/invoice/{torn['invoice'].pk}/change/",
        "line_item": f"/records/invoice/{torn['invoice'].pk}/change/",
        "payment": f"/records/payment/{torn['payment'].pk}/change/",
        "invoice_payment": f"/records/payment/{torn['payment'].pk}/change/",
        "payment_reason": f"/records/enterprise/{ed.enterprise_id}/codes/",
    }
    for noun, home in homes.items():
        assert page_of(torn[noun]) in shown(client, home), noun
    tab = shown(client, f"/records/patient/{ed.pk}/balance/")
    assert page_of(torn["invoice"]) in tab and page_of(torn["payment"]) in tab
    assert "1 line in conflict" in tab and "1 part in conflict" in tab


def test_amounts_days_and_related_records_stand_there_in_words(operator: Staff, torn: dict[str, Any]) -> None:
    client, invoice = signed_in(operator), torn["invoice"]
    text = shown(client, page_of(invoice))
    for said in ("Nov 3, 2026", "Nov 4, 2026", f"{invoice.practice.short_id} · Annex", "IH 999, not here"):
        assert said in text, said
    line = shown(client, page_of(torn["line_item"]))
    assert all(said in line for said in ("$90.00", "$100.00", "$120.00"))


def test_theirs_of_a_line_changes_what_is_owed(operator: Staff, ed: Patient, torn: dict[str, Any]) -> None:
    client, line = signed_in(operator), torn["line_item"]
    assert decide(client, line, **{"keep-total_charge_amount_cents": "theirs"}).status_code == 302
    line.refresh_from_db()
    assert (line.total_charge_amount_cents, line.sync_state) == (12_000, SyncState.IN_SYNC)
    assert owes(ed) == 12_000 - 4_000
    entry = Entry.objects.get(action="line_item_conflict_decided")
    assert (entry.actor, entry.patient) == (f"user:{operator.username}", ed.pk)


def test_a_practice_that_is_not_here_is_refused_with_what_to_do(
    operator: Staff, torn: dict[str, Any]
) -> None:
    answer = decide(signed_in(operator), torn["invoice"], all="theirs")
    assert answer.status_code == 422
    assert "what it names is not here. Bring that in first, or keep ours." in answer.content.decode()


def test_who_may_not_change_it_looks_and_who_may_not_see_it_finds_nothing(
    auditor: Staff, outsider: Staff, torn: dict[str, Any]
) -> None:
    looks, stranger = signed_in(auditor), signed_in(outsider)
    for noun, row in torn.items():
        text = shown(looks, page_of(row))
        assert "keep-" not in text and 'name="reason"' not in text
        assert decide(looks, row, all="theirs").status_code == 403
        assert stranger.get(page_of(row)).status_code == 404
        assert decide(stranger, row, all="theirs").status_code == 404
        assert row.short_id not in shown(stranger, f"/differences/?tab=conflicts&noun={noun}")
    assert "Decide…" not in shown(looks, f"/records/invoice/{torn['invoice'].pk}/change/")
    assert needs_groups.total(outsider) == 0


def test_a_noun_shows_only_to_who_holds_its_permission(torn: dict[str, Any]) -> None:
    staff = person("pat")
    staff.user_permissions.set(
        Permission.objects.filter(codename__in=["view_payment", "view_delivery", "decide", "change_payment"])
    )
    client = signed_in(staff)
    assert lists.seen_by(staff) == ["payment"]
    assert "$40.00 by check" in shown(client, "/differences/?tab=conflicts")
    assert torn["line_item"].short_id not in shown(client, "/differences/?tab=conflicts&noun=line_item")
    assert client.get(page_of(torn["line_item"])).status_code == 404
    assert decide(client, torn["payment"], all="ours").status_code == 302


def test_what_to_do_about_what_is_missing_there_is_said_for_each_noun(
    operator: Staff, outsider: Staff, ed: Patient
) -> None:
    client = signed_in(operator)
    paid = payment(ed, 4_000, visit(ed, 10_000))
    invoice = Invoice.objects.get()
    hal = Doctor.objects.create(enterprise=ed.enterprise, first_name="Hal", last_name="House")
    reason = PaymentReason.objects.create(enterprise=ed.enterprise, code="CO-3")
    rows = [ed.enterprise, hal, ed, invoice, invoice.lines.get(), paid, paid.applications.get(), reason]
    for number, row in enumerate(rows):
        apply.missing(there(row, 201 + number))
        path = f"/differences/missing/{row.noun}/{row.pk}/"
        assert path in shown(client, f"/differences/?tab=missing&noun={row.noun}")
        text = shown(client, path)
        assert ("Sent again" in text) == (row.noun != "invoice")
        assert (f"Mark {row.short_id} removed" in text) == (row.noun in mending.MARKED_REMOVED)
        assert signed_in(outsider).get(path).status_code == 404
    doctor = shown(client, f"/differences/missing/doctor/{hal.pk}/")
    assert f"/records/doctor/{hal.pk}/remove/" in doctor
    assert client.post(f"/differences/missing/invoice/{invoice.pk}/", {"act": "again"}).status_code == 404
    client.post(f"/differences/missing/line_item/{rows[4].pk}/", {"act": "remove"})
    assert owes(ed) == -4_000
    client.post(f"/differences/missing/payment/{paid.pk}/", {"act": "again"})
    assert Payment.objects.get().remote_id is not None  # its part is tied there
