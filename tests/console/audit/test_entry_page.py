"""Entries: who did or saw what here."""

from __future__ import annotations

import pytest
from django.test import Client

from partnerportal.accounts.models import Staff
from partnerportal.audit import entries
from partnerportal.audit.context import Context
from partnerportal.audit.models import Entry
from partnerportal.records.models import Enterprise, Patient
from tests.console.cast import PASSWORD, signed_in

LIST = "/audit/entries/"


def page(staff: Staff, query: str = "") -> str:
    answer = signed_in(staff).get(LIST + query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def revealed(ed: Patient) -> Entry:
    about = Context(
        "user:olivia", "console", record=ed.record_name, enterprise=ed.enterprise_id, patient=ed.pk
    )
    return entries.write("ssn_revealed", about, {"reason": "called in", "ssn": "801-31-3292"})


def test_auditors_and_administrators_read_them_and_operators_do_not(
    auditor: Staff, administrator: Staff, operator: Staff, revealed: Entry
) -> None:
    assert "Ssn revealed" in page(auditor) or "SSN revealed" in page(auditor)
    assert f"EN-{revealed.pk}" in page(administrator)
    assert signed_in(operator).get(LIST).status_code == 403


def test_a_detail_is_masked_like_a_body(auditor: Staff, revealed: Entry) -> None:
    shown = page(auditor)
    assert "called in" in shown
    assert "801-31" not in shown


def test_each_tab_shows_its_own(auditor: Staff, revealed: Entry) -> None:
    signs = entries.write("sign_in_failed", Context(actor="user:?"))
    assert f"EN-{signs.pk}<" in page(auditor, "?tab=sign-ins")
    assert f"EN-{revealed.pk}<" not in page(auditor, "?tab=sign-ins")
    assert f"EN-{revealed.pk}<" in page(auditor, "?tab=reveals")
    assert f"EN-{signs.pk}<" not in page(auditor, "?tab=reveals")


def test_signing_in_and_being_refused_are_entries(client: Client, operator: Staff) -> None:
    for password in ("wrong", PASSWORD):
        client.post("/accounts/login/", {"login": "olivia", "password": password})
    assert list(Entry.objects.order_by("pk").values_list("action", "actor")) == [
        ("sign_in_failed", "user:olivia"),
        ("signed_in", "user:olivia"),
    ]


def test_a_narrowed_auditor_sees_sign_ins_but_no_foreign_patient(
    auditor: Staff, revealed: Entry, south: Enterprise
) -> None:
    auditor.all_enterprises = False
    auditor.save()
    signs = entries.write("signed_in", Context(actor="user:olivia"))
    shown = page(auditor)
    assert f"EN-{signs.pk}<" in shown
    assert f"EN-{revealed.pk}<" not in shown


def test_searching_them_is_an_entry(auditor: Staff, revealed: Entry, ed: Patient) -> None:
    page(auditor, f"?record={ed.short_id}")
    assert Entry.objects.get(action="entries_listed").actor == "user:auden"
