"""Two people, one record: whatever the other did, nobody's edit is lost, and both are told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections
from django.urls import reverse

from partnerportal.accounts.models import ApiKey, Staff
from partnerportal.delivery.models import Delivery
from partnerportal.records import columns
from partnerportal.records.models import Joined, Patient
from tests.console.cast import person, signed_in
from tests.console.test_record_forms import as_shown
from tests.console.test_record_pages import accepted


@pytest.fixture
def anna(db: None) -> Staff:
    return person("anna", "operator")


@pytest.fixture
def key(db: None) -> ApiKey:
    return ApiKey.objects.create(key="k", fingerprint="3f9a…c2", state="working", is_service=True)


def address(part: str, record: Any, *more: int) -> str:
    return reverse(f"admin:records_{record.noun}_{part}", args=[record.pk, *more])


def opened(staff: Staff, record: Any) -> dict[str, str]:
    """The form as a person has it open: what it shows, and where the log stood."""
    html = signed_in(staff).get(address("edit", record)).content.decode()
    mark = html.split('name="opened" value="')[1].split('"')[0]
    return {**as_shown(record), "opened": mark}


def save(staff: Staff, record: Any, data: dict[str, str]) -> Any:
    return signed_in(staff).post(address("edit", record), data, follow=True)


def test_a_phone_number_taken_from_there_is_edited_like_any_other(anna: Staff, ed: Patient) -> None:
    """Inbox Health's form of it is "(203) 555-0333", ours are the digits: that is no edit of somebody's."""
    assert columns.put(ed, "cell_phone", "2035550333")
    ed.save()
    data = opened(anna, ed)
    save(anna, ed, {**data, "cell_phone": "203-555-0444"})
    ed.refresh_from_db()
    assert ed.cell_phone == "2035550444"


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run each in a thread of its own, released together."""
    barrier, answers = threading.Barrier(len(calls)), [None] * len(calls)

    def run(number: int) -> None:
        barrier.wait()
        answers[number] = calls[number]()
        connections.close_all()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers


@pytest.mark.django_db(transaction=True)
def test_ten_people_who_save_different_fields_at_once_lose_nothing(ed: Patient) -> None:
    fields = ["city", "address_line_1", "address_line_2", "middle_name", "language", "marital_status",
              "contact_preference", "email", "home_phone", "work_phone"]  # fmt: skip
    values = ["Holyoke", "1 Elm", "Flat 2", "Q", "English", "Single", "phone", "e@example.com",
              "4135550101", "4135550102"]  # fmt: skip
    staff = [person(f"p{number}", "operator") for number in range(10)]
    forms = [{**opened(staff[n], ed), fields[n]: values[n]} for n in range(10)]
    at_once(*[lambda n=n: save(staff[n], ed, forms[n]) for n in range(10)])
    ed.refresh_from_db()
    assert [getattr(ed, name) for name in fields] == values
    assert ed.version == 11


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_one_field_at_once_one_is_asked(ed: Patient, operator: Staff, anna: Staff) -> None:
    forms = [{**opened(who, ed), "city": city} for who, city in ((operator, "Holyoke"), (anna, "Boston"))]
    answers = at_once(lambda: save(operator, ed, forms[0]), lambda: save(anna, ed, forms[1]))
    assert sorted(answer.status_code for answer in answers) == [200, 422]
    asked = next(a for a in answers if a.status_code == 422).content.decode()
    assert "Holyoke" in asked
    assert "Boston" in asked


def test_who_saves_second_is_told_what_the_first_did(operator: Staff, anna: Staff, ed: Patient) -> None:
    mine = opened(operator, ed)
    save(anna, ed, {**opened(anna, ed), "cell_phone": "4135550199"})
    html = save(operator, ed, {**mine, "city": "Holyoke"}).content.decode()
    assert "While you edited, anna changed cell phone. Both are kept." in html
    ed.refresh_from_db()
    assert (ed.cell_phone, ed.city) == ("4135550199", "Holyoke")


def test_the_first_is_told_what_the_second_did_on_the_open_page(
    operator: Staff, anna: Staff, ed: Patient
) -> None:
    mark = opened(operator, ed)["opened"]
    ask = f"{address('meanwhile', ed)}?opened={mark}"
    assert signed_in(operator).get(ask).status_code == 204
    save(operator, ed, {**opened(operator, ed), "city": "Holyoke"})
    assert signed_in(operator).get(ask).status_code == 204, "one's own acts are no news"
    save(anna, ed, {**opened(anna, ed), "first_name": "Edward"})
    assert "anna changed first name" in signed_in(operator).get(ask).content.decode()


def test_what_was_typed_survives_the_others_delete(operator: Staff, anna: Staff, ed: Patient) -> None:
    mine = {**opened(operator, ed), "city": "Holyoke"}
    signed_in(anna).post(address("delete", ed))
    answer = save(operator, ed, mine)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "anna deleted it" in html
    assert "Holyoke" in html


def test_what_was_typed_survives_the_others_join(
    operator: Staff, anna: Staff, ed: Patient, key: ApiKey
) -> None:
    twin = Patient.objects.create(enterprise=ed.enterprise, first_name="Ed", last_name="Edison")
    mine = {**opened(operator, twin), "city": "Holyoke"}
    versions = {f"version-{row.pk}": "1" for row in (ed, twin)}
    signed_in(anna).post(address("join", ed, twin.pk), versions)
    answer = save(operator, twin, mine)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert f"anna joined it into P-{ed.pk}" in html
    assert "Holyoke" in html
    twin.refresh_from_db()
    assert twin.city == ""


def test_a_push_meanwhile_is_told_and_the_edit_stays(
    operator: Staff, anna: Staff, ed: Patient, key: ApiKey
) -> None:
    from_before = opened(operator, ed)
    accepted(ed, 669)
    mark = opened(operator, ed)["opened"]
    signed_in(anna).post(address("remove", ed), {"version": "1"})
    html = save(operator, ed, {**from_before, "opened": mark, "city": "Holyoke"}).content.decode()
    assert "While you edited, anna" in html
    ed.refresh_from_db()
    assert (ed.city, ed.removed) == ("Holyoke", True)


@pytest.mark.parametrize("part", ["delete", "remove"])
def test_nobody_deletes_over_an_edit_they_have_not_seen(
    operator: Staff, ed: Patient, key: ApiKey, part: str
) -> None:
    if part == "remove":
        accepted(ed, 669)
    Patient.objects.filter(pk=ed.pk).update(city="Holyoke", version=2)
    answer = signed_in(operator).post(address(part, ed), {"version": "1"})
    assert "was changed while this page was open" in answer.content.decode()
    ed.refresh_from_db()
    assert not ed.removed


@pytest.mark.django_db(transaction=True)
def test_of_two_who_join_crosswise_at_once_one_does(
    ed: Patient, operator: Staff, anna: Staff, key: ApiKey
) -> None:
    twin = Patient.objects.create(enterprise=ed.enterprise, first_name="Ed", last_name="Edison")
    versions = {f"version-{row.pk}": "1" for row in (ed, twin)}
    at_once(
        lambda: signed_in(operator).post(address("join", ed, twin.pk), versions),
        lambda: signed_in(anna).post(address("join", twin, ed.pk), versions),
    )
    assert Joined.objects.count() == 1
    assert Patient.objects.filter(removed=True).count() == 1


def test_a_queued_push_is_taken_back_from_its_record(operator: Staff, ed: Patient, key: ApiKey) -> None:
    accepted(ed, 669)
    signed_in(operator).post(address("remove", ed), {"version": "1"})
    html = signed_in(operator).get(address("change", ed)).content.decode()
    assert "Queued." in html
    signed_in(operator).post(address("undo", ed))
    ed.refresh_from_db()
    assert (Delivery.objects.get().state, ed.removed, ed.sync_state) == ("cancelled", False, "in_sync")
