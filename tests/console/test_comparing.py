"""Who is who: suspects are listed, two are joined or set apart by a person, and nothing else moves."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from partnerportal.accounts.models import ApiKey, Staff
from partnerportal.audit.context import Context
from partnerportal.audit.models import Entry
from partnerportal.delivery.models import Delivery
from partnerportal.records import duplicates, joining
from partnerportal.records.models import Enterprise, Joined, Patient
from partnerportal.records.state import SyncState
from tests.console.cast import signed_in
from tests.console.test_record_pages import accepted


@pytest.fixture
def key(db: None) -> ApiKey:
    return ApiKey.objects.create(key="k", fingerprint="3f9a…c2", state="working", is_service=True)


@pytest.fixture
def twin(ed: Patient) -> Patient:
    return Patient.objects.create(
        enterprise=ed.enterprise, first_name=" ed", last_name="EDISON", date_of_birth=date(1987, 10, 7),
        health_record_id="B-77", email="ed@example.com",
    )  # fmt: skip


def address(act: str, *rows: Patient) -> str:
    return reverse(f"admin:records_patient_{act}", args=[row.pk for row in rows])


def join(staff: Staff, survivor: Patient, surplus: Patient, **said: str) -> Any:
    versions = {f"version-{row.pk}": str(row.version) for row in (survivor, surplus)}
    return signed_in(staff).post(address("join", survivor, surplus), {**versions, **said}, follow=True)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"first_name": "ED", "last_name": "edison ", "date_of_birth": date(1987, 10, 7)}, "name_birth"),
        ({"health_record_id": "0012-345"}, "chart"),
        ({"home_phone": "2035550101", "date_of_birth": date(1987, 10, 7)}, "phone_birth"),
        ({"ssn": "801 31 3292"}, "ssn"),
    ],
)
def test_each_likeness_makes_a_suspect(ed: Patient, fields: dict[str, Any], reason: str) -> None:
    ed.ssn = "801-31-3292"
    ed.save()
    other = Patient.objects.create(enterprise=ed.enterprise, **fields)
    found = duplicates.suspects(ed.enterprise_id)
    assert [(s.one.pk, s.other.pk, s.why) for s in found] == [(ed.pk, other.pk, [reason])]


def test_another_enterprises_patient_is_never_a_suspect(ed: Patient, south: Enterprise) -> None:
    foreign = Patient.objects.create(
        enterprise=south, first_name="Ed", last_name="Edison", date_of_birth=ed.date_of_birth
    )
    assert duplicates.suspects(ed.enterprise_id) == []
    assert duplicates.suspects_of(ed) == []
    with pytest.raises(joining.CantJoin, match="same enterprise"):
        versions = {ed.pk: 1, foreign.pk: 1}
        joining.join(Context(actor="user:olivia"), ed.pk, foreign.pk, [], versions)


def test_compare_of_two_enterprises_is_unknown(operator: Staff, ed: Patient, south: Enterprise) -> None:
    foreign = Patient.objects.create(enterprise=south, last_name="Edison")
    for act in ("compare", "join", "apart"):
        assert signed_in(operator).post(address(act, ed, foreign)).status_code == 404


def test_two_people_are_not_suspected_again(operator: Staff, ed: Patient, twin: Patient) -> None:
    signed_in(operator).post(address("apart", ed, twin))
    assert duplicates.suspects(ed.enterprise_id) == []
    assert duplicates.suspects_of(ed) == []
    entries = Entry.objects.filter(action="patients_set_apart").values_list("patient", flat=True)
    assert set(entries) == {ed.pk, twin.pk}


def test_the_record_page_leads_to_the_comparison(operator: Staff, ed: Patient, twin: Patient) -> None:
    html = signed_in(operator).get(address("change", twin)).content.decode()
    assert address("compare", ed, twin) in html
    shown = signed_in(operator).get(address("compare", ed, twin)).content.decode()
    assert "ed@example.com" in shown
    assert 'name="take-email" value="other" checked' in shown, "what the kept one lacks is preset"
    assert 'name="take-health_record_id" value="own" checked' in shown


def test_joining_marks_the_surplus_removed_there_and_carries_over_what_was_chosen(
    operator: Staff, ed: Patient, twin: Patient, key: ApiKey
) -> None:
    accepted(ed, 669)
    accepted(twin, 700)
    join(operator, ed, twin, **{"take-email": "other", "take-health_record_id": "own"})
    ed.refresh_from_db()
    twin.refresh_from_db()
    assert (ed.email, ed.health_record_id, ed.first_name) == ("ed@example.com", "12345", "Ed")
    assert twin.removed
    assert twin.dirty == ["removed"]
    assert Joined.objects.get().survivor_id == ed.pk
    queued = Delivery.objects.get()
    assert (queued.record_id, queued.kind, queued.state) == (twin.pk, "push", "pending")
    actions = dict(Entry.objects.filter(action__startswith="patient_joined").values_list("record", "action"))
    assert actions == {f"patient:P-{ed.pk}": "patient_joined", f"patient:P-{twin.pk}": "patient_joined_away"}


def test_a_surplus_one_that_was_never_sent_is_kept_as_removed_and_never_goes_out(
    operator: Staff, ed: Patient, twin: Patient, key: ApiKey
) -> None:
    join(operator, ed, twin)
    twin.refresh_from_db()
    assert (twin.sync_state, bool(twin.not_valid)) == (SyncState.REMOVED, True)
    assert not Delivery.objects.exists()
    html = signed_in(operator).get(address("change", twin)).content.decode()
    assert f"P-{ed.pk}</a>: that one is kept" in html
    assert "Push" not in html[html.index("top-right") : html.index("</header>")]


def test_chart_numbers_change_places_when_the_other_one_is_kept(
    operator: Staff, ed: Patient, twin: Patient, key: ApiKey
) -> None:
    join(operator, ed, twin, **{"take-health_record_id": "other"})
    ed.refresh_from_db()
    twin.refresh_from_db()
    assert (ed.health_record_id, twin.health_record_id) == ("B-77", "12345")


def test_nothing_is_joined_when_one_changed_after_the_page_was_made(
    operator: Staff, ed: Patient, twin: Patient, key: ApiKey
) -> None:
    Patient.objects.filter(pk=twin.pk).update(city="Holyoke", version=2)
    answer = join(operator, ed, twin)
    assert "was changed while you compared them" in answer.content.decode()
    assert not Joined.objects.exists()


def test_nothing_is_joined_where_the_removal_cant_be_queued(
    operator: Staff, ed: Patient, twin: Patient
) -> None:
    accepted(twin, 700)
    answer = join(operator, ed, twin)
    assert "There is no API key to send with" in answer.content.decode()
    twin.refresh_from_db()
    assert not twin.removed
    assert not Joined.objects.exists()


def test_what_is_being_sent_is_not_joined(operator: Staff, ed: Patient, twin: Patient, key: ApiKey) -> None:
    twin.delivery_state = "in_flight"
    twin.save()
    html = signed_in(operator).get(address("compare", ed, twin)).content.decode()
    assert "is being sent" in html
    join(operator, ed, twin)
    assert not Joined.objects.exists()


def test_an_auditor_looks_and_decides_nothing(auditor: Staff, ed: Patient, twin: Patient) -> None:
    html = signed_in(auditor).get(address("compare", ed, twin)).content.decode()
    assert "They are two people" not in html
    assert "10/07/1987" not in html
    assert signed_in(auditor).post(address("join", ed, twin)).status_code == 403
    assert signed_in(auditor).post(address("apart", ed, twin)).status_code == 403


def test_the_duplicates_tab_lists_pairs(operator: Staff, ed: Patient, twin: Patient) -> None:
    tab = reverse("admin:records_enterprise_duplicates", args=[ed.enterprise_id])
    html = signed_in(operator).get(tab).content.decode()
    assert "Same name and date of birth" in html
    Patient.objects.filter(pk=twin.pk).delete()
    assert "Nobody seems to be here twice" in signed_in(operator).get(tab).content.decode()
