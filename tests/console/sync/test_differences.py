"""The page Differences: what each tab lists, what a decision does, and who may see and do it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from partnerportal.accounts.models import Staff
from partnerportal.audit.models import Entry
from partnerportal.console import needs_groups
from partnerportal.delivery.models import Delivery, Plan
from partnerportal.jobs.models import Job
from partnerportal.records import apply, matching, merging
from partnerportal.records.models import Enterprise, Patient
from partnerportal.records.state import SyncState
from partnerportal.sync import conflicts, services
from partnerportal.sync.models import PullPart
from tests.cast import make_key
from tests.console.cast import signed_in

BEFORE, AFTER = "2026-11-24T10:00:00.000Z", "2026-11-24T10:00:05.000Z"


@pytest.fixture
def synced(ed: Patient) -> Patient:
    """Ed and his enterprise are at Inbox Health as they are here."""
    for row, number in ((ed.enterprise, 10), (ed, 669)):
        sent = row.wire.create_payload(row)
        apply.accept(row, sent, {"city": None, **sent, "id": number, "updated_at": BEFORE}, created=True)
    return ed


@pytest.fixture
def torn(synced: Patient) -> Patient:
    """His city was changed on both sides."""
    synced.city = "Boston"
    synced.save()
    merging.take(synced, {**(synced.remote or {}), "city": "Springfield", "updated_at": AFTER})
    assert synced.sync_state == SyncState.CONFLICT
    return synced


def page_of(row: Patient) -> str:
    return f"/differences/patient/{row.pk}/"


def decide(client: Client, row: Patient, **data: Any) -> Any:
    return client.post(page_of(row), {"stamp": conflicts.stamp(row), "reason": "they called", **data})


def test_a_conflict_is_listed_counted_and_led_to(operator: Staff, torn: Patient) -> None:
    client = signed_in(operator)
    text = client.get("/differences/").content.decode()
    assert "Decide…" in text and page_of(torn) in text and "City" in text
    assert page_of(torn) in client.get("/needs/").content.decode()
    assert page_of(torn) in client.get(f"/records/patient/{torn.pk}/change/").content.decode()
    assert needs_groups.total(operator) == 1


def test_the_three_values_stand_side_by_side_and_none_is_preset(operator: Staff, torn: Patient) -> None:
    text = signed_in(operator).get(page_of(torn)).content.decode()
    assert "Boston" in text and "Springfield" in text
    assert ' name="keep-city"' in text and "checked" not in text.split("keep-city")[1].split(">")[0]


def test_taking_theirs_is_done_and_written_down(operator: Staff, torn: Patient) -> None:
    assert decide(signed_in(operator), torn, **{"keep-city": "theirs"}).status_code == 302
    torn.refresh_from_db()
    assert (torn.city, torn.sync_state) == ("Springfield", SyncState.IN_SYNC)
    assert Entry.objects.get(action="patient_conflict_decided").actor == f"user:{operator.username}"


def test_keeping_ours_sends_it_where_that_was_asked_for(operator: Staff, torn: Patient) -> None:
    make_key()
    decide(signed_in(operator), torn, all="ours", push="1")
    torn.refresh_from_db()
    assert (torn.city, torn.dirty) == ("Boston", ["city"])
    assert Delivery.objects.get(kind="push").record_id == torn.pk


@pytest.mark.parametrize("data", [{"keep-city": "theirs", "reason": " "}, {}, {"keep-city": "both"}])
def test_without_a_choice_or_a_reason_nothing_is_decided(
    operator: Staff, torn: Patient, data: dict[str, str]
) -> None:
    answer = decide(signed_in(operator), torn, **data)
    assert answer.status_code == 422
    assert "Nothing was decided yet" in answer.content.decode()
    torn.refresh_from_db()
    assert torn.city == "Boston"


def test_a_decision_on_an_old_page_is_refused(operator: Staff, torn: Patient) -> None:
    answer = decide(signed_in(operator), torn, **{"keep-city": "theirs", "stamp": "1."})
    assert answer.status_code == 302
    torn.refresh_from_db()
    assert torn.city == "Boston"


def test_an_auditor_sees_and_does_nothing_and_an_outsider_sees_nothing(
    auditor: Staff, outsider: Staff, torn: Patient
) -> None:
    client = signed_in(auditor)
    text = client.get(page_of(torn)).content.decode()
    assert "Springfield" in text and "keep-city" not in text
    assert decide(client, torn, **{"keep-city": "theirs"}).status_code == 403
    for path in ("/differences/push/", "/differences/read/", "/differences/take/"):
        assert client.post(path, {"noun": "patient"}).status_code == 403
    stranger = signed_in(outsider)
    assert stranger.get(page_of(torn)).status_code == 404
    assert "Springfield" not in stranger.get("/differences/").content.decode()


def test_fields_changed_here_can_be_pushed_or_taken_after_a_look(operator: Staff, synced: Patient) -> None:
    synced.city = "Boston"
    synced.save()
    client = signed_in(operator)
    assert "Take theirs…" in client.get("/differences/?tab=fields").content.decode()
    client.post("/differences/push/", {"noun": "patient", "ids": [synced.pk]})
    assert Plan.objects.get().noun == "patient"
    ticked = {"noun": "patient", "ids": [synced.pk]}
    first = client.post("/differences/take/", ticked).content.decode()
    assert "Boston" in first and conflicts.stamp(synced) in first
    synced.refresh_from_db()
    assert synced.city == "Boston"
    sure = {**ticked, "sure": "1", f"stamp-{synced.pk}": conflicts.stamp(synced)}
    assert client.post("/differences/take/", sure).status_code == 422
    client.post("/differences/take/", {**sure, "reason": "typo here"})
    synced.refresh_from_db()
    assert (synced.city or "", synced.sync_state) == (
        (synced.remote or {}).get("city") or "",
        SyncState.IN_SYNC,
    )


def test_what_is_missing_there_is_sent_again_as_new_or_marked_removed(
    operator: Staff, synced: Patient
) -> None:
    apply.missing(synced)
    client = signed_in(operator)
    path = f"/differences/missing/patient/{synced.pk}/"
    assert path in client.get("/differences/?tab=missing").content.decode()
    client.post(path, {"act": "remove"})
    synced.refresh_from_db()
    assert (synced.removed, synced.sync_state) == (True, SyncState.REMOVED)
    Patient.objects.filter(pk=synced.pk).update(removed=False)
    synced.refresh_from_db()
    apply.missing(synced)
    assert client.post(path, {"act": "again"}).url.startswith("/push/plans/")
    synced.refresh_from_db()
    assert (synced.remote_id, synced.sync_state) == (None, SyncState.NOT_SENT)


def test_one_that_is_only_there_is_brought_in_or_said_to_be_ours(operator: Staff, synced: Patient) -> None:
    new = {"id": 901, "enterprise_id": 10, "first_name": "Zoe", "last_name": "Zander", "city": "Boston"}
    like = {
        "id": 902,
        "enterprise_id": 10,
        "first_name": "Ida",
        "last_name": "Imes",
        "date_of_birth": "1990-01-02",
    }
    mine = Patient(
        enterprise=synced.enterprise, first_name="Ida", last_name="Imes", date_of_birth=date(1990, 1, 2)
    )
    mine.save()
    matching.sight("patient", [new, like], synced.enterprise_id)
    client = signed_in(operator)
    text = client.get("/differences/?tab=only-there&noun=patient").content.decode()
    assert "Zander, Zoe" in text and "Looks like" in text
    seen = {row.remote_id: row.pk for row in matching.Sighting.objects.filter(noun="patient")}
    assert (
        f"Same person: {mine.short_id}"
        in client.get(f"/differences/only-there/{seen[902]}/").content.decode()
    )
    client.post("/differences/bring-in/", {"noun": "patient", "seen": seen[901], "same": ""})
    assert Patient.objects.get(remote_id=901).city == "Boston"
    client.post("/differences/bring-in/", {"noun": "patient", "seen": seen[902], "same": mine.pk})
    mine.refresh_from_db()
    assert mine.remote_id == 902


def test_what_was_not_read_says_which_page_and_is_never_counted_as_fine(
    operator: Staff, synced: Patient
) -> None:
    PullPart.objects.create(
        noun="patient", enterprise=synced.enterprise, state="not_read",
        unread=[{"page": 37, "reason": "http_500"}],
    )  # fmt: skip
    text = signed_in(operator).get("/differences/?tab=not-read").content.decode()
    assert "Page 37 failed: Inbox Health answered with an error (500)." in text
    assert (
        "Not everything has been read yet"
        in signed_in(operator).get("/differences/?tab=missing").content.decode()
    )


def test_reading_everything_is_a_job_with_a_page(operator: Staff, synced: Patient) -> None:
    make_key()
    answer = signed_in(operator).post("/differences/read/")
    job = Job.objects.get(kind="pull")
    assert answer.url == f"/differences/pulls/{job.pk}/"
    text = signed_in(operator).get(answer.url).content.decode()
    assert "Read everything" in text and "0 of 11 lists read" in text
    assert Entry.objects.filter(action="pull_started", actor=f"user:{operator.username}").exists()
    assert signed_in(operator).get(f"/{job.short_id}").url == answer.url


def test_an_enterprise_that_is_there_is_offered_and_adopted(
    operator: Staff, outsider: Staff, db: None
) -> None:
    make_key()
    matching.sight("enterprise", [{"id": 77, "name": "Oak Street", "city": "Boston", "state": "MA"}], None)
    client = signed_in(operator)
    assert "/differences/adopt/77/" in client.get("/differences/?tab=only-there").content.decode()
    assert "Oak Street" in client.get("/differences/adopt/77/").content.decode()
    assert client.post("/differences/adopt/77/", {"same": "new"}).url.startswith("/differences/pulls/")
    assert Enterprise.objects.get(remote_id=77).adopted
    assert services.running().count() == 1
    assert signed_in(outsider).get("/differences/adopt/77/").status_code == 404


def test_one_of_the_same_name_is_tied_only_when_a_person_says_so(operator: Staff, north: Enterprise) -> None:
    make_key()
    matching.sight("enterprise", [{"id": 77, "name": north.name}], None)
    client = signed_in(operator)
    assert f"It is {north.short_id}" in client.get("/differences/adopt/77/").content.decode()
    client.post("/differences/adopt/77/", {})
    assert not Enterprise.objects.filter(remote_id=77).exists()
    client.post("/differences/adopt/77/", {"same": north.pk})
    north.refresh_from_db()
    assert north.remote_id == 77


def test_account_settings_and_the_list_of_enterprises_lead_to_what_can_be_adopted(
    operator: Staff, auditor: Staff
) -> None:
    matching.sight("enterprise", [{"id": 77, "name": "Oak Street"}], None)
    text = signed_in(operator).get("/account/").content.decode()
    assert "opens 1 enterprise that is not here yet" in text
    assert "Adopt from Inbox Health…" in signed_in(operator).get("/records/enterprise/").content.decode()
    assert "not here yet" not in signed_in(auditor).get("/account/").content.decode()


def test_all_that_is_only_there_of_one_enterprise_is_brought_in_as_a_job(
    operator: Staff, auditor: Staff, synced: Patient
) -> None:
    make_key()
    matching.sight("patient", [{"id": 901, "last_name": "Zander"}], synced.enterprise_id)
    page = f"/differences/?tab=only-there&noun=patient&enterprise={synced.enterprise_id}"
    assert f"Bring in all of {synced.enterprise.short_id}" in signed_in(operator).get(page).content.decode()
    data = {"enterprise": synced.enterprise_id}
    assert signed_in(auditor).post("/differences/take-in/", data).status_code == 403
    assert signed_in(operator).post("/differences/take-in/", data).url.startswith("/differences/pulls/")
    assert Job.objects.get(kind="pull").enterprise_id == synced.enterprise_id


def test_adopting_has_a_heading_of_its_own_and_says_when_the_list_was_read(operator: Staff, db: None) -> None:
    client = signed_in(operator)
    text = client.get("/differences/?tab=only-there&noun=enterprise").content.decode()
    assert '<h1 tabindex="-1">Enterprises at Inbox Health that are not here</h1>' in text
    assert "has not been read whole yet" in text and "Read the list now" in text
    PullPart.objects.create(noun="enterprise", round_ended_at=timezone.now())
    assert (
        "was last read whole" in client.get("/differences/?tab=only-there&noun=enterprise").content.decode()
    )


def test_only_there_lists_all_kinds_at_once(operator: Staff, synced: Patient) -> None:
    matching.sight("enterprise", [{"id": 77, "name": "Oak Street"}], None)
    matching.sight("patient", [{"id": 900, "last_name": "Elsewhere"}], synced.enterprise_id)
    text = signed_in(operator).get("/differences/?tab=only-there").content.decode()
    assert "Enterprise · IH 77" in text and "Patient · IH 900" in text
    assert "/differences/adopt/77/" in text and "/differences/only-there/" in text
    text = signed_in(operator).get("/differences/?tab=only-there&noun=patient").content.decode()
    assert "IH 77" not in text and "IH 900" in text


def test_what_was_there_first_is_not_said_to_be_accepted(operator: Staff, synced: Patient) -> None:
    """No write of ours about it was ever delivered."""
    text = signed_in(operator).get("/records/patient/").content.decode()
    assert "Brought in" in text and "there as 669." in text and "Accepted" not in text
