"""An enterprise comes with its practices: those sent along, or one made from its own address."""

from __future__ import annotations

from tests.sandbox.conftest import Caller
from tests.sandbox_process import Sandbox

ADDRESS = {"address_line_1": "55 Church St", "city": "New Haven", "state": "CT", "zip": "06512"}


def practices(api: Caller, enterprise: int) -> list[dict[str, object]]:
    return list(api.get(f"/enterprises/{enterprise}/practices")["practices"])


def test_without_practices_one_is_made_from_name_and_address(api: Caller) -> None:
    for sent in ({}, {"practices_attributes": []}):
        made = api.create("enterprise", name="Alone", **ADDRESS, **sent)
        (seed,) = practices(api, made["id"])
        assert {name: seed[name] for name in ("name", *ADDRESS)} == {"name": "Alone", **ADDRESS}


def test_practices_sent_along_are_made_and_no_other(api: Caller) -> None:
    rows = [{"name": "First", "state": "New York"}, {"name": "Second"}]
    made = api.create("enterprise", name="Two", practices_attributes=rows)
    assert "practices" not in made
    found = practices(api, made["id"])
    assert [row["name"] for row in found] == ["First", "Second"]
    assert {row["enterprise_id"] for row in found} == {made["id"]}


def test_the_answer_may_hold_the_practices(sandbox: Sandbox, api: Caller) -> None:
    sandbox.assume(nested_practices_in_answer="yes")
    made = api.create("enterprise", name="Two", practices_attributes=[{"name": "First"}])
    assert [row["name"] for row in made["practices"]] == ["First"]


def test_an_update_changes_the_practice_named_and_adds_the_unnamed(api: Caller, enterprise: int) -> None:
    (seed,) = practices(api, enterprise)
    rows = [{"id": seed["id"], "name": "Renamed"}, {"name": "Added"}]
    seen = api.call("PUT", f"/enterprises/{enterprise}", {"enterprise": {"practices_attributes": rows}})
    assert seen.status == 200
    found = practices(api, enterprise)
    assert [row["name"] for row in found] == ["Renamed", "Added"]
    assert found[0]["city"] == seed["city"] == "New Haven"


def test_a_practice_of_another_enterprise_can_not_be_changed_that_way(api: Caller, enterprise: int) -> None:
    other = api.create("enterprise", name="Other")["id"]
    (foreign,) = api.ids(f"/enterprises/{other}/practices")
    rows = [{"id": foreign, "name": "Stolen"}]
    seen = api.call("PUT", f"/enterprises/{enterprise}", {"enterprise": {"practices_attributes": rows}})
    assert (seen.status, seen.json) == (422, {"errors": {"practices.id": ["must exist"]}})
    assert api.get(f"/practices/{foreign}")["practice"]["name"] == "Other"


def test_an_enterprises_answer_is_as_wide_as_the_vendors(api: Caller, enterprise: int) -> None:
    answer = api.get(f"/enterprises/{enterprise}")["enterprise"]
    assert len(answer) == 94
    assert answer["enterprise_plan"]["id"] == answer["enterprise_plan_id"]
    assert answer["transfer_status"] == "scheduled"
    assert answer["default_billing_cycle_template_id"] == 1
    assert answer["sales_tax"] == 0.0
