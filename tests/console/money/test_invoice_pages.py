"""The invoice's page and what is done on it: lines, edits, deleting with the consequence said, mailing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from partnerportal.audit.models import Entry
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.payloads import step_for
from partnerportal.records.billing import Charge, Taken, Visit, assign_balance
from partnerportal.records.models import Invoice, LineItem, Patient, Payment, Practice
from tests.cast import make_key
from tests.console.cast import signed_in


@pytest.fixture
def client(operator: Any) -> Client:
    return signed_in(operator)


@pytest.fixture
def invoice(ed: Patient) -> Invoice:
    """$100.00 charged, $10.00 covered, $40.00 paid by check."""
    office = Practice.objects.create(enterprise=ed.enterprise, name="Main office")
    from_visit = Visit(
        practice=office,
        date_of_service=date(2026, 11, 2),
        lines=[Charge("Office visit", 10_000, covered=1_000, service_code="99213")],
        taken=[Taken(4_000, "check")],
        claim_number="CLM-7",
    )
    return assign_balance(ed, from_visit)


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


def line(**typed: str) -> dict[str, str]:
    said = {"code": "", "description": "X-ray", "each": "75", "quantity": "1", "covered": "", "insurance": ""}
    return {f"line-{name}": text for name, text in {**said, "tax": "", **typed}.items()}


def owes(ed: Patient) -> int:
    ed.refresh_from_db()
    return ed.balance_cents


def test_the_page_says_what_is_charged_applied_and_open(
    client: Client, ed: Patient, invoice: Invoice
) -> None:
    shown = page(client, f"/records/invoice/{invoice.pk}/change/")
    for said in (
        "$100.00",
        "$10.00",
        "$40.00",
        "$50.00",
        "Office visit",
        "99213",
        "Main office",
        "CLM-7",
        "PAY-",
    ):
        assert said in shown
    assert "<title>Invoice I-" in shown


def test_its_short_address_and_those_of_its_parts_lead_there(client: Client, invoice: Invoice) -> None:
    there = f"/records/invoice/{invoice.pk}/change/"
    assert client.get(f"/I-{invoice.pk}")["Location"] == there
    first = invoice.lines.get()
    assert client.get(f"/LI-{first.pk}", follow=True).redirect_chain[-1][0] == there
    part = invoice.applications.get()
    home = f"/records/payment/{part.payment_id}/change/"
    assert client.get(f"/IP-{part.pk}", follow=True).redirect_chain[-1][0] == home


def test_every_money_record_has_a_story(client: Client, invoice: Invoice) -> None:
    for noun, pk in (
        ("invoice", invoice.pk),
        ("line_item", invoice.lines.get().pk),
        ("payment", Payment.objects.get().pk),
    ):
        assert "Added here" in page(client, f"/records/{noun}/{pk}/story/")


def test_a_line_is_added_and_counts(client: Client, ed: Patient, invoice: Invoice) -> None:
    answer = client.post(f"/records/invoice/{invoice.pk}/lines/add/", {**line(), "save": "1"})
    assert answer["Location"] == f"/records/invoice/{invoice.pk}/change/"
    assert owes(ed) == 12_500
    assert Entry.objects.filter(action="line_item_added", patient=ed.pk).count() == 1


def test_a_line_that_is_wrong_is_refused_at_its_field(client: Client, invoice: Invoice) -> None:
    answer = client.post(f"/records/invoice/{invoice.pk}/lines/add/", line(each="-5", description=""))
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "−$5.00 is less than $0.00." in shown
    assert "The description is missing." in shown
    assert 'value="-5"' in shown


def test_an_edit_of_a_line_is_kept_and_sent(client: Client, ed: Patient, invoice: Invoice) -> None:
    make_key()
    first = invoice.lines.get()
    typed = line(description="Office visit", each="120.00", covered="10", code="99213")
    client.post(f"/records/line_item/{first.pk}/edit/", {**typed, "version": first.version, "push": "1"})
    assert owes(ed) == 7_000
    assert Delivery.objects.filter(noun="invoice").exists()  # a line of an unsent invoice goes with it


def test_nobodys_edit_of_a_line_is_overwritten_unseen(client: Client, ed: Patient, invoice: Invoice) -> None:
    first = invoice.lines.get()
    LineItem.objects.filter(pk=first.pk).update(version=first.version + 1, total_charge_amount_cents=20_000)
    answer = client.post(f"/records/line_item/{first.pk}/edit/", {**line(), "version": first.version})
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "was changed while this page was open: Office visit, $200.00 charged" in shown
    assert f'name="version" value="{first.version + 1}"' in shown
    assert 'value="X-ray"' in shown


def test_an_edited_invoice_keeps_what_was_typed_unless_it_changed_meanwhile(
    client: Client, ed: Patient, invoice: Invoice
) -> None:
    typed = {
        "date_of_service": "2026-11-03",
        "practice": invoice.practice_id,
        "estimate": "on",
        "notes": "Hm",
    }
    address = f"/records/invoice/{invoice.pk}/edit/"
    stale = client.post(address, {**typed, "version": "0"})
    assert stale.status_code == 422
    assert "was changed while this page was open" in stale.content.decode()
    client.post(address, {**typed, "version": invoice.version})
    invoice.refresh_from_db()
    assert (str(invoice.date_of_service), invoice.estimate, invoice.due) == ("2026-11-03", True, "estimate")


def test_deleting_an_unsent_invoice_says_what_becomes_of_the_balance_and_does_it(
    client: Client, ed: Patient, invoice: Invoice
) -> None:
    address = f"/records/invoice/{invoice.pk}/delete/"
    said = page(client, address)
    assert "Ed Edison owes $40.00 credit instead of $50.00." in said
    assert "$40.00 applied to it is taken off it first." in said
    assert client.post(address)["Location"] == f"/records/patient/{ed.pk}/balance/"
    assert not Invoice.objects.exists()
    assert owes(ed) == -4_000
    assert Entry.objects.filter(action="invoice_deleted").count() == 1


def test_deleting_a_line_says_what_becomes_of_the_balance(
    client: Client, ed: Patient, invoice: Invoice
) -> None:
    first = invoice.lines.get()
    address = f"/records/line_item/{first.pk}/delete/"
    assert "Ed Edison owes $40.00 credit instead of $50.00." in page(client, address)
    client.post(address)
    assert (LineItem.objects.count(), owes(ed)) == (0, -4_000)


def test_an_invoice_is_mailed_only_when_asked_and_only_once_more(
    client: Client, ed: Patient, invoice: Invoice
) -> None:
    address = f"/records/invoice/{invoice.pk}/e-mail/"
    assert client.get(address).status_code == 302  # nobody to mail it to
    Patient.objects.filter(pk=ed.pk).update(email="ed@example.com")
    make_key()
    assert "mails I-" in page(client, address)
    assert Invoice.objects.get().email_to == ""
    client.post(address)
    asked = Invoice.objects.get()
    assert asked.email_to == "ed@example.com"
    Invoice.objects.update(remote_id=71)
    asked = Invoice.objects.get()
    asked.acknowledged = {n: {"sent": v, "answered": v} for n, v in asked.wire.values(asked).items()}
    step = step_for(Delivery(kind=Delivery.Kind.PUSH, noun="invoice", record_id=asked.pk), asked)
    assert step is not None
    assert step.body is not None
    assert step.body["email"] == "ed@example.com"
    assert step.body["invoice"] == {"date_of_service": "2026-11-02"}


def test_the_list_finds_by_patient_claim_and_id_and_sums_what_is_open(
    client: Client, ed: Patient, invoice: Invoice
) -> None:
    for query in (
        "",
        "?q=edison",
        "?q=CLM-7",
        f"?q=I-{invoice.pk}",
        "?view=open",
        "?sort=-balance",
        "?due=open",
    ):
        shown = page(client, f"/records/invoice/{query}")
        assert "Edison, Ed" in shown
        assert "$50.00" in shown
    assert "Nothing matches" in page(client, "/records/invoice/?view=waiting")


def test_selected_invoices_become_a_plan(client: Client, invoice: Invoice) -> None:
    answer = client.post(
        "/push/selected/", {"noun": "invoice", "scope": "selected", "ids": invoice.pk}, follow=True
    )
    assert answer.status_code == 200
    assert "Push 1 invoice" in answer.content.decode()


def test_an_auditor_reads_and_changes_nothing_and_an_outsider_sees_nothing(
    auditor: Any, outsider: Any, invoice: Invoice
) -> None:
    reader, stranger = signed_in(auditor), signed_in(outsider)
    shown = page(reader, f"/records/invoice/{invoice.pk}/change/")
    for word in ("Add line", "Edit<", "Delete", "Record a payment", "Push"):
        assert word not in shown
    first = invoice.lines.get()
    for address in (
        f"/records/invoice/{invoice.pk}/lines/add/",
        f"/records/invoice/{invoice.pk}/edit/",
        f"/records/invoice/{invoice.pk}/delete/",
        f"/records/invoice/{invoice.pk}/e-mail/",
        f"/records/line_item/{first.pk}/edit/",
        f"/records/line_item/{first.pk}/delete/",
    ):
        assert reader.get(address).status_code == 403, address
        assert reader.post(address).status_code == 403, address
        assert stranger.get(address).status_code == 404, address
    assert stranger.get(f"/I-{invoice.pk}").status_code == 404
