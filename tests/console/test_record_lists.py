"""The record lists: search in the ways people search, views, filters, and paging that loses no row."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from partnerportal.accounts.models import Staff
from partnerportal.console import paging
from partnerportal.console.counting import Count, count
from partnerportal.console.listpage import ListPage
from partnerportal.console.record_lists import ENTERPRISES, PATIENTS
from partnerportal.records.models import Enterprise, Patient
from tests.console.cast import signed_in


def found(staff: Staff, query: str) -> list[str]:
    return sorted(p.last_name for p in PATIENTS.matching(staff, QueryDict(query).dict()))


@pytest.fixture
def people(north: Enterprise, south: Enterprise, ed: Patient) -> list[Patient]:
    ed.remote_id = 669
    ed.save()
    return [
        ed,
        Patient.objects.create(
            enterprise=south, first_name="Zoë", last_name="Abbott", home_phone="4135550199"
        ),
        Patient.objects.create(enterprise=north, first_name="Ed", last_name="Kim", state="Nowhere"),
    ]


@pytest.mark.parametrize(
    ("typed", "who"),
    [
        ("edis", ["Edison"]),
        ("Edison, Ed", ["Edison"]),
        ("ed", ["Edison", "Kim"]),
        ("zoë", ["Abbott"]),
        ("10/07/1987", ["Edison"]),
        ("1987-10-07", ["Edison"]),
        ("Oct 7, 1987", ["Edison"]),
        ("edison 10/07/1987", ["Edison"]),
        ("12345", ["Edison"]),
        ("(203) 555-0101", ["Edison"]),
        ("1 413 555 0199", ["Abbott"]),
        ("IH 669", ["Edison"]),
        ("669", ["Edison"]),
        ("nobody", []),
        ("801-31-3292", []),
    ],
)
def test_people_are_found_by(operator: Staff, people: list[Patient], typed: str, who: list[str]) -> None:
    asked = QueryDict(mutable=True)
    asked["q"] = typed
    assert sorted(p.last_name for p in PATIENTS.matching(operator, asked.dict())) == who


def test_our_own_id_finds_its_patient(operator: Staff, people: list[Patient]) -> None:
    assert found(operator, f"q=P-{people[1].pk}") == ["Abbott"]


def test_views_and_filters_narrow_together(operator: Staff, people: list[Patient]) -> None:
    assert found(operator, "view=needs-you") == ["Kim"]
    assert found(operator, "view=not-sent") == ["Abbott"]
    assert found(operator, f"enterprise={people[1].enterprise_id}") == ["Abbott"]
    assert found(operator, f"view=needs-you&enterprise={people[1].enterprise_id}") == []
    assert found(operator, "state=not_valid") == ["Kim"]


def test_a_view_or_an_order_that_is_none_is_the_first_one(operator: Staff, people: list[Patient]) -> None:
    assert len(found(operator, "view=nothing&sort=ssn")) == 3


def test_an_enterprise_beyond_those_offered_is_a_filter_all_the_same(
    operator: Staff, people: list[Patient], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own tab is this list, narrowed to it; with 201 enterprises it showed everybody's."""
    monkeypatch.setattr("partnerportal.console.record_lists.MOST_CHOICES", 1)
    south = people[1].enterprise_id
    page = ListPage(PATIENTS, operator, QueryDict(""), held={"enterprise": str(south)})
    assert [row.last_name for row in page.rows] == ["Abbott"]
    assert [chip.label for chip in ListPage(PATIENTS, operator, QueryDict(f"enterprise={south}")).chips] == [
        "Enterprise: South Clinic"
    ]


def test_all_that_match_for_a_push_is_what_the_page_shows(operator: Staff, people: list[Patient]) -> None:
    page = ListPage(PATIENTS, operator, QueryDict("view=needs-you&q=ed&sort=-name&after=3"))
    assert page.query == "view=needs-you&q=ed"
    held = {"enterprise": str(people[1].enterprise_id)}
    tab = ListPage(PATIENTS, operator, QueryDict(""), held=held)
    assert tab.query == f"enterprise={people[1].enterprise_id}"
    assert [c.column.key for c in tab.headings].count("enterprise") == 0


@pytest.mark.parametrize("sort", ["name", "-name", "born", "-born", "state", "-state"])
def test_paging_forward_and_back_shows_each_row_once(
    operator: Staff, north: Enterprise, monkeypatch: pytest.MonkeyPatch, sort: str
) -> None:
    """Equal names, equal states, and birth dates that are missing: the ties a cursor must break."""
    monkeypatch.setattr(paging, "SIZE", 4)
    for i in range(15):
        born = date(1980, 1, 1 + i % 4) if i % 3 else None
        Patient.objects.create(enterprise=north, last_name="ABC"[i % 3], first_name="X", date_of_birth=born)
    forward = _walk(operator, QueryDict(f"sort={sort}"), "next")
    assert sorted(forward) == sorted(Patient.objects.values_list("pk", flat=True))
    assert len(forward) == 15
    backward = _walk(operator, QueryDict(f"sort={sort}&last=1"), "previous")
    assert sorted(backward) == sorted(forward)


def _walk(staff: Staff, query: QueryDict, step: str) -> list[int]:
    seen: list[int] = []
    for _ in range(10):
        page = ListPage(PATIENTS, staff, query)
        seen += [row.pk for row in page.rows]
        address = getattr(page, step)
        if not address:
            return seen
        query = QueryDict(address.removeprefix("?"))
    raise AssertionError("paging never ended")


def test_a_cursor_on_a_foreign_row_leads_to_the_first_page(
    outsider: Staff, south: Enterprise, ed: Patient
) -> None:
    outsider.scope.create(enterprise=south)
    Patient.objects.create(enterprise=south, last_name="Abbott")
    page = ListPage(PATIENTS, outsider, QueryDict(f"after={ed.pk}"))
    assert [row.last_name for row in page.rows] == ["Abbott"]


def test_counts_are_exact_below_ten_thousand_and_said_as_about_above(
    north: Enterprise, monkeypatch: pytest.MonkeyPatch
) -> None:
    for i in range(4):
        Patient.objects.create(enterprise=north, last_name=str(i))
    assert str(count(Patient.objects.all())) == "4"
    monkeypatch.setattr("partnerportal.console.counting.EXACT_BELOW", 3)
    assert not count(Patient.objects.all()).is_exact
    assert str(Count(1_000_000, False)) == "about 1,000,000"


def test_a_page_of_fifty_costs_no_more_queries_than_a_page_of_one(operator: Staff, ed: Patient) -> None:
    client = signed_in(operator)
    client.get("/records/patient/")
    few = _queries(client)
    for i in range(50):
        Patient.objects.create(enterprise=ed.enterprise, last_name=f"N{i}")
    assert _queries(client) <= few


def _queries(client: Client) -> int:
    with CaptureQueriesContext(connection) as captured:
        client.get("/records/patient/")
    return len(captured)


def test_an_empty_list_says_what_comes_first(operator: Staff) -> None:
    page = signed_in(operator).get("/records/enterprise/").content.decode()
    assert ENTERPRISES.empty in page
    assert "Add enterprise" in page


def test_nothing_matching_names_the_search_and_offers_to_clear_it(operator: Staff, ed: Patient) -> None:
    page = signed_in(operator).get("/records/patient/?q=zzz").content.decode()
    assert "Nothing matches “zzz”" in page
    assert "Clear all" in page


def test_pushing_all_is_offered_for_what_differs_only(operator: Staff, ed: Patient) -> None:
    Patient.objects.create(enterprise=ed.enterprise, first_name="Zoë", last_name="Abbott")
    client = signed_in(operator)
    assert "Push all 2 that match…" in client.get("/records/patient/").content.decode()
    Patient.objects.filter(pk=ed.pk).update(sync_state="in_sync")
    assert "Push 1 of 2 that match…" in client.get("/records/patient/").content.decode()
    Patient.objects.update(sync_state="in_sync")
    assert 'disabled aria-describedby="all-there"' in client.get("/records/patient/").content.decode()
