"""Exchanges: who may list and open them, what a page shows and masks, and that looking is written down."""

from __future__ import annotations

import pytest
from django.db import connection
from django.utils import timezone

from partnerportal.accounts.models import Staff
from partnerportal.audit.models import Entry, Exchange
from partnerportal.audit.sealed import unseal
from partnerportal.console.exchange_filters import ExchangeFilters
from partnerportal.records.models import Enterprise, Patient
from tests.audit import rows
from tests.console.cast import signed_in

LIST = "/audit/exchanges/"


@pytest.fixture
def sent(ed: Patient) -> Exchange:
    """A create of Ed, accepted."""
    body = {
        "patient": {
            "first_name": "Ed",
            "last_name": "Edison",
            "ssn": "801-31-3292",
            "date_of_birth": "1987-10-07",
            "cell_phone": "(203) 555-0199",
            "notes": None,
        }
    }
    made = rows.exchange(
        body, record=ed.record_name, patient=ed.pk, enterprise=ed.enterprise_id, actor="user:olivia"
    )
    rows.answer(made, {"patient": {"id": 669, **body["patient"]}})
    return made


def page(staff: Staff, path: str) -> str:
    answer = signed_in(staff).get(path)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def status(staff: Staff, path: str) -> int:
    return signed_in(staff).get(path).status_code


def test_auditors_and_administrators_list_them_and_operators_do_not(
    auditor: Staff, administrator: Staff, operator: Staff, sent: Exchange
) -> None:
    assert f"X-{sent.pk}" in page(auditor, LIST)
    assert f"X-{sent.pk}" in page(administrator, LIST)
    assert status(operator, LIST) == 403


def test_an_operator_opens_the_exchange_of_a_record_in_their_scope(operator: Staff, sent: Exchange) -> None:
    assert "Created patient" in page(operator, f"/audit/exchanges/{sent.pk}/")


def test_an_operator_finds_no_exchange_about_no_record(operator: Staff, auditor: Staff) -> None:
    listed = rows.exchange(record="", patient=None, operation="patients.list", method="GET")
    assert status(operator, f"/audit/exchanges/{listed.pk}/") == 404
    assert status(auditor, f"/audit/exchanges/{listed.pk}/") == 200


def test_a_foreign_enterprises_exchange_is_not_there(outsider: Staff, sent: Exchange) -> None:
    assert status(outsider, f"/audit/exchanges/{sent.pk}/") == 404


def test_a_narrowed_auditor_lists_only_their_enterprises(
    auditor: Staff, sent: Exchange, south: Enterprise
) -> None:
    other = rows.exchange(enterprise=south.pk)
    auditor.all_enterprises = False
    auditor.save()
    auditor.scope.create(enterprise=south)
    shown = page(auditor, LIST)
    assert f"X-{other.pk}" in shown
    assert f"X-{sent.pk}<" not in shown


def test_the_verdict_says_what_was_done_for_whom_and_how_long_it_took(
    auditor: Staff, sent: Exchange, ed: Patient
) -> None:
    shown = page(auditor, f"/audit/exchanges/{sent.pk}/")
    assert f"Created patient {ed.short_id} as IH 669 for olivia in 212 ms." in shown


def test_times_are_to_the_millisecond_with_their_offset(auditor: Staff, sent: Exchange) -> None:
    local = timezone.localtime(sent.started_at)
    exact = f"{local:%Y-%m-%d %H:%M:%S}.{local.microsecond // 1000:03d} {local:%z}"
    assert exact[:-2] + ":" + exact[-2:] in page(auditor, f"/audit/exchanges/{sent.pk}/")


def test_an_ssn_is_on_no_page_whoever_looks(operator: Staff, auditor: Staff, sent: Exchange) -> None:
    for staff in (operator, auditor):
        shown = page(staff, f"/audit/exchanges/{sent.pk}/")
        assert "801-31" not in shown
        assert "•••-••-3292" in shown


def test_birth_date_and_contact_are_clear_for_operators_and_masked_for_auditors(
    operator: Staff, auditor: Staff, sent: Exchange
) -> None:
    clear, masked = (page(staff, f"/audit/exchanges/{sent.pk}/") for staff in (operator, auditor))
    assert "1987-10-07" in clear and "(203) 555-0199" in clear
    assert "1987-10-07" not in masked and "555-0199" not in masked
    assert "••/••/1987" in masked and "(203) •••-••99" in masked


def test_an_open_exchange_says_so_and_names_its_delivery(auditor: Staff) -> None:
    left = rows.exchange({"patient": {"first_name": "Ed"}}, delivery=88)
    shown = page(auditor, f"/audit/exchanges/{left.pk}/")
    assert "No answer recorded. What became of it: DL-88." in shown


def test_opening_one_writes_one_entry_about_the_same_record(auditor: Staff, sent: Exchange) -> None:
    page(auditor, f"/audit/exchanges/{sent.pk}/")
    entry = Entry.objects.get(action="exchange_viewed")
    assert (entry.actor, entry.record, entry.patient) == ("user:auden", sent.record, sent.patient)
    assert unseal(entry) == {"exchange": f"X-{sent.pk}"}


def test_searching_them_writes_one_entry_and_plain_listing_none(
    auditor: Staff, sent: Exchange, ed: Patient
) -> None:
    page(auditor, LIST)
    assert not Entry.objects.filter(action="exchanges_listed").exists()
    page(auditor, f"{LIST}?record={ed.short_id}")
    assert Entry.objects.filter(action="exchanges_listed").count() == 1


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("outcome=accepted", True),
        ("outcome=rejected", False),
        ("outcome=open", False),
        ("status=201", True),
        ("status=422", False),
        ("who=olivia", True),
        ("who=nobody", False),
        ("operation=patients.create", True),
        ("operation=patients.update", False),
        ("origin=console", True),
        ("origin=resolve", False),
        ("key=3f9a", True),
        ("key=beef", False),
        ("day=2001-01-01", False),
        ("record=P-999999", False),
    ],
)
def test_each_filter_narrows(auditor: Staff, sent: Exchange, asked: str, found: bool) -> None:
    assert (f"/audit/exchanges/{sent.pk}/" in page(auditor, f"{LIST}?{asked}")) is found


def test_the_day_is_the_readers_own(auditor: Staff, sent: Exchange) -> None:
    today = timezone.localtime(sent.started_at).date().isoformat()
    assert f"X-{sent.pk}" in page(auditor, f"{LIST}?day={today}")


def test_a_filter_that_makes_no_sense_says_so_and_lists_nothing(auditor: Staff, sent: Exchange) -> None:
    shown = page(auditor, f"{LIST}?record=Edison")
    assert "An id of a record, like P-48213." in shown and "Record: Edison" in shown
    assert f"X-{sent.pk}" not in shown


def test_applied_filters_are_chips_that_can_be_cleared(auditor: Staff, sent: Exchange) -> None:
    shown = page(auditor, f"{LIST}?outcome=rejected")
    assert "Outcome: Rejected" in shown and "Clear all" in shown and "No change with these filters." in shown


def test_older_and_newer_walk_through_all_of_them_once(auditor: Staff) -> None:
    made = [rows.exchange(record="").pk for _ in range(120)]
    client, path, seen = signed_in(auditor), LIST, []
    while path:
        page_of = client.get(path).context["page"]
        seen += [row.pk for row in page_of.rows]
        path = LIST + page_of.older if page_of.older else ""
    assert seen == made[::-1]
    back = client.get(f"{LIST}?after={made[19]}").context["page"]
    assert [row.pk for row in back.rows] == made[20:70][::-1]


def test_titles_and_paths_carry_no_name(auditor: Staff, sent: Exchange) -> None:
    shown = page(auditor, f"/audit/exchanges/{sent.pk}/")
    title = shown.split("<title>")[1].split("</title>")[0]
    assert "Edison" not in title


def test_changes_are_listed_apart_from_reads(auditor: Staff, sent: Exchange) -> None:
    read = rows.exchange(operation="patients.list", method="GET")
    both = {f">X-{sent.pk}<", f">X-{read.pk}<"}
    for query, listed in (
        ("", {f">X-{sent.pk}<"}),
        ("?tab=reads", {f">X-{read.pk}<"}),
        ("?tab=all", both),
        ("?tab=bogus", {f">X-{sent.pk}<"}),
    ):
        shown = page(auditor, LIST + query)
        assert {name for name in both if name in shown} == listed, query
    assert "tab=all" in page(auditor, f"{LIST}?operation=patients.list")


def test_the_list_of_changes_reads_its_own_index(auditor: Staff) -> None:
    changes = ExchangeFilters({}, auditor).narrowed(Exchange.objects.all()).order_by("-pk")[:51]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "exchange_changes" in changes.explain()
