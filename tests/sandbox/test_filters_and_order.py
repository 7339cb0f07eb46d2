"""filter[…]= and sort=, honoured and, by switch, not."""

from __future__ import annotations

import time

import pytest

from tests.sandbox.conftest import Caller
from tests.sandbox_process import Sandbox


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("filter[first_name]=kirby", [0]),
        ("filter[first_name]=MARIO", [1, 6]),
        ("filter[first_name]=%C3%A9LOD", [5]),
        ("filter[first_name]=mario&filter[last_name]=nobody", []),
        ("filter%5Bfirst_name%5D=toad", [4]),
        ("filter[primary]=false", []),
        ("filter[billing_status]=complete&filter[first_name]=peach", [3]),
        ("filter[no_such_attribute]=x", [0, 1, 2, 3, 4, 5, 6]),
        ("filter[first_name]=", [0, 1, 2, 3, 4, 5, 6]),
        ("filter[first_name]=%25", []),
    ],
)
def test_a_filter_on_text_means_contains_in_any_case(
    api: Caller, patients: list[int], query: str, expected: list[int]
) -> None:
    assert api.ids(f"/patients?{query}") == [patients[place] for place in expected]


def test_a_filter_on_anything_else_means_equal(api: Caller, enterprise: int, patients: list[int]) -> None:
    born = api.create(
        "patient", enterprise_id=enterprise, first_name="A", last_name="B", date_of_birth="1984-12-25"
    )["id"]
    assert api.ids("/patients?filter[date_of_birth]=1984-12-25") == [born]
    assert api.ids("/patients?filter[date_of_birth]=1984") == []
    assert api.ids(f"/patients?filter[id]={born}") == [born]
    assert api.ids(f"/patients?filter[enterprise_id]={enterprise}") == [*patients, born]
    assert api.ids("/patients?filter[primary]=true&filter[enterprise_id]=1") == []


def test_a_filter_on_text_may_mean_equal(sandbox: Sandbox, api: Caller, patients: list[int]) -> None:
    sandbox.assume(filter_text="exact")
    assert api.ids("/patients?filter[first_name]=mario") == [patients[1]]


def test_filters_may_be_ignored(sandbox: Sandbox, api: Caller, patients: list[int]) -> None:
    sandbox.assume(filters="ignored")
    assert api.ids("/patients?filter[first_name]=mario") == patients


def test_the_newest_can_come_first(sandbox: Sandbox, api: Caller, patients: list[int]) -> None:
    assert api.ids("/patients?sort=id") == patients
    assert api.ids("/patients?sort=-id&per_page=2") == [patients[6], patients[5]]
    sandbox.assume(sort_desc="ignored")
    assert api.ids("/patients?sort=-id") == patients
    sandbox.assume(sort_desc="refused")
    assert api.call("GET", "/patients?sort=-id").status == 400
    assert api.ids("/patients?sort=id") == patients


def test_other_attributes_can_order_a_list(sandbox: Sandbox, api: Caller, patients: list[int]) -> None:
    # An edit in the millisecond of the last create would share its instant.
    time.sleep(0.005)
    api.call("PUT", f"/patients/{patients[2]}", {"patient": {"city": "Here"}})
    assert api.ids("/patients?sort=-updated_at")[0] == patients[2]
    assert api.ids("/patients?sort=first_name")[0] == patients[0]
    sandbox.assume(sort_updated_at="ignored")
    assert api.ids("/patients?sort=-updated_at") == patients
    assert api.ids("/patients?sort=-id") == patients[::-1]


def test_an_order_by_nothing_known_is_an_order_by_id(api: Caller, patients: list[int]) -> None:
    assert api.ids("/patients?sort=ssn);drop") == patients
