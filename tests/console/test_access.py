"""Who may open what: a table of rules, held by the middleware for every page."""

from __future__ import annotations

import pytest
from django.urls import reverse

from partnerportal.accounts.models import Staff
from partnerportal.console.access import RULES, Rule, needs
from partnerportal.console.frame import menu_for
from partnerportal.records.models import Enterprise, Patient
from tests.console.cast import signed_in


def titles(staff: Staff) -> list[str]:
    return [link.title for _, links in menu_for(staff, "/", {}) for link in links]


def test_an_operator_sees_no_audit_and_no_administration(operator: Staff) -> None:
    shown = titles(operator)
    assert {"Account Settings", "Enterprises", "Patients", "Batches", "Deliveries"} <= set(shown)
    assert {"Exchanges", "Entries", "Staff", "Keys"}.isdisjoint(shown)


def test_an_auditor_reads_and_an_administrator_keeps_staff_and_keys(
    auditor: Staff, administrator: Staff
) -> None:
    assert {"Exchanges", "Entries"} <= set(titles(auditor))
    assert {"Staff", "Keys"}.isdisjoint(titles(auditor))
    assert {"Exchanges", "Entries", "Staff", "Keys"} <= set(titles(administrator))


@pytest.mark.parametrize("page", ["add", "edit", "link", "remove", "delete"])
def test_an_auditor_is_refused_whatever_changes_a_record(auditor: Staff, ed: Patient, page: str) -> None:
    args = [] if page == "add" else [ed.pk]
    address = reverse(f"admin:records_patient_{page}", args=args)
    for answer in (signed_in(auditor).get(address), signed_in(auditor).post(address)):
        assert answer.status_code == 403
        assert "Your role (auditor)" in answer.content.decode()


def test_an_auditor_sees_no_button_that_changes_anything(auditor: Staff, ed: Patient) -> None:
    for address in (reverse("admin:records_patient_changelist"), f"/records/patient/{ed.pk}/change/"):
        page = signed_in(auditor).get(address).content.decode()
        for word in ("Push", "Edit<", "Add patient", "Import a file", "Reveal", "Link to"):
            assert word not in page


def test_a_page_without_a_rule_is_refused(operator: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(RULES, "admin:records_patient_changelist")
    assert signed_in(operator).get(reverse("admin:records_patient_changelist")).status_code == 403


def test_a_rule_may_ask_more_of_a_write_than_of_a_look(auditor: Staff) -> None:
    rule = needs("records.view_patient", to_write="records.change_patient")
    assert rule.allows(auditor, "GET")
    assert not rule.allows(auditor, "POST")
    assert not Rule().allows(Staff(is_active=False), "GET")


@pytest.mark.parametrize("noun", ["enterprise", "patient"])
@pytest.mark.parametrize("page", ["change", "edit", "story", "link", "remove", "delete"])
def test_a_foreign_enterprises_record_is_not_found(
    outsider: Staff, ed: Patient, noun: str, page: str
) -> None:
    pk = ed.pk if noun == "patient" else ed.enterprise_id
    assert signed_in(outsider).get(reverse(f"admin:records_{noun}_{page}", args=[pk])).status_code == 404


def test_a_foreign_record_has_no_short_address_either(outsider: Staff, operator: Staff, ed: Patient) -> None:
    assert signed_in(outsider).get(f"/P-{ed.pk}").status_code == 404
    assert signed_in(operator).get(f"/P-{ed.pk}")["Location"] == f"/records/patient/{ed.pk}/change/"


def test_lists_and_tabs_hold_only_what_is_in_scope(outsider: Staff, ed: Patient, south: Enterprise) -> None:
    outsider.scope.create(enterprise=south)
    page = signed_in(outsider).get(reverse("admin:records_patient_changelist")).content.decode()
    assert "Edison" not in page
    assert "North Clinic" not in page
    tab = reverse("admin:records_enterprise_patients", args=[ed.enterprise_id])
    assert signed_in(outsider).get(tab).status_code == 404


def test_a_foreign_ssn_is_neither_revealed_nor_found(outsider: Staff, ed: Patient) -> None:
    ed.ssn = "801-31-3292"
    ed.save()
    client = signed_in(outsider)
    assert client.post(reverse("admin:records_patient_reveal", args=[ed.pk])).status_code == 404
    found = client.post(reverse("admin:records_patient_by_ssn"), {"ssn": "801-31-3292"})
    assert found.status_code == 200
    assert "No patient in your scope" in found.content.decode()
