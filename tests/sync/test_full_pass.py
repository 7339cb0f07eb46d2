"""A pull reads everything, takes what changed there, never deletes, and says what it could not read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from partnerportal.audit.models import Entry, Exchange
from partnerportal.jobs.models import Job
from partnerportal.records import merging
from partnerportal.records.merging import Verdict
from partnerportal.records.models import AccountType, Doctor, Enterprise, Patient, Practice, Sighting
from partnerportal.records.state import SyncState
from partnerportal.sync import leases, pulling, services
from partnerportal.sync.models import PullPart
from tests.cast import Stage, make_enterprise, make_patient, make_practice
from tests.sync.scene import delete, edit, make, pull, through, tie


@pytest.fixture
def elm(stage: Stage) -> Enterprise:
    enterprise = make_enterprise()
    tie(stage, enterprise)
    return enterprise


def patients(stage: Stage, enterprise: Enterprise, number: int) -> list[Patient]:
    rows = [make_patient(enterprise) for _ in range(number)]
    tie(stage, *rows)
    return rows


def fresh(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def test_it_takes_what_was_changed_there_and_leaves_the_rest(stage: Stage, elm: Enterprise) -> None:
    ada, bob, eve = patients(stage, elm, 3)
    edit(stage, ada, city="Springfield")
    edit(stage, elm, support_phone_number="203-555-0100")
    job = pull(stage)
    assert (job.state, job.report["changed"], job.report["lists_not_read"]) == (Job.State.DONE, 2, 0)
    assert (fresh(ada).city, fresh(ada).sync_state) == ("Springfield", SyncState.IN_SYNC)
    assert fresh(elm).support_phone_number == "(203) 555-0100"
    assert fresh(bob).version == bob.version
    assert fresh(eve).remote_read_at > timezone.now() - timedelta(seconds=20)
    assert not Entry.objects.filter(action="patient_merged", record=bob.record_name).exists()


def test_it_reads_in_the_background_and_each_request_is_in_the_audit(stage: Stage, elm: Enterprise) -> None:
    patients(stage, elm, 1)
    job = pull(stage)
    read = Exchange.objects.filter(operation="enterprises.patients")
    assert {(e.lane, e.actor, e.origin, e.enterprise, e.cause) for e in read} == {
        ("background", "schedule", "schedule", elm.pk, f"job:{job.short_id}")
    }


def test_a_change_on_both_sides_waits_and_nothing_of_ours_is_lost(stage: Stage, elm: Enterprise) -> None:
    (ada,) = patients(stage, elm, 1)
    ada.city = "Boston"
    ada.save()
    edit(stage, ada, city="Springfield")
    job = pull(stage)
    assert job.report["conflicts"] == 1
    assert (fresh(ada).city, fresh(ada).sync_state) == ("Boston", SyncState.CONFLICT)


def test_what_no_page_shows_is_asked_for_by_id_then_shown_as_missing(stage: Stage, elm: Enterprise) -> None:
    north, south = make_practice(elm, "North"), make_practice(elm, "South")
    tie(stage, north, south)
    delete(stage, north)
    job = pull(stage)
    assert job.report["missing"] == 1
    assert (fresh(north).sync_state, fresh(south).sync_state) == (SyncState.MISSING_THERE, SyncState.IN_SYNC)
    assert Practice.objects.filter(pk=north.pk).exists()
    assert Exchange.objects.filter(operation="practices.get").count() == 1
    assert Entry.objects.filter(action="practice_missing_there", record=north.record_name).exists()
    pull(stage)
    assert Entry.objects.filter(action="practice_missing_there").count() == 1


def test_what_is_only_there_is_seen_and_not_brought_in_unasked(stage: Stage, elm: Enterprise) -> None:
    made = make(stage, "patients", enterprise_id=elm.remote_id, first_name="Zoe", last_name="Zander")
    job = pull(stage)
    assert job.report["only_there"] >= 1
    assert Sighting.objects.get(noun="patient", remote_id=made["id"]).enterprise_id == elm.pk
    assert not Patient.objects.filter(remote_id=made["id"]).exists()


def test_a_page_that_fails_is_tried_again_and_then_counted_as_not_read(
    stage: Stage, elm: Enterprise, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick(monkeypatch)
    stage.sandbox.assume(per_page_max="25", sort_updated_at="ignored")
    rows = patients(stage, elm, 60)
    edit(stage, rows[0], city="Springfield")
    edit(stage, rows[30], city="Springfield")
    edit(stage, rows[59], city="Springfield")
    stage.sandbox.fault(kind="500_before", operation="enterprises.patients", count=4, after=3)
    job = pull(stage)
    part = PullPart.objects.get(noun="patient")
    assert job.report["lists_not_read"] == 1
    assert part.state == PullPart.State.NOT_READ
    assert part.unread == [{"page": 2, "reason": "http_500"}]
    assert part.round_ended_at is None
    assert [fresh(rows[n]).city for n in (0, 30, 59)] == ["Springfield", rows[30].city, "Springfield"]
    assert not Patient.objects.filter(missing_since__isnull=False).exists()
    assert pull(stage).report["lists_not_read"] == 0
    assert fresh(rows[30]).city == "Springfield"
    assert PullPart.objects.get(noun="patient").round_ended_at is not None


def test_a_page_that_fails_once_costs_nothing(
    stage: Stage, elm: Enterprise, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick(monkeypatch)
    (ada,) = patients(stage, elm, 1)
    edit(stage, ada, city="Springfield")
    for kind in ("html_before", "drop_before", "429"):
        stage.sandbox.fault(kind=kind, operation="enterprises.patients", count=1)
    assert pull(stage).report["lists_not_read"] == 0
    assert fresh(ada).city == "Springfield"


def test_rows_that_go_while_pages_are_read_hide_nobody(
    stage: Stage, elm: Enterprise, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each deletion moves the rows behind it up by one: whoever slips past a page is asked for by id."""
    quick(monkeypatch)
    stage.sandbox.assume(per_page_max="25")
    rows = [make_practice(elm, f"Place {n}") for n in range(60)]
    tie(stage, *rows)
    from_page_two = rows[26]
    edit(stage, from_page_two, city="Springfield")
    started = services.request_pull(stage.context, full=True)
    drive_until(lambda: PullPart.objects.get(noun="practice").page == 2)
    for row in rows[:3]:
        delete(stage, row)
    through(started)
    assert fresh(from_page_two).city == "Springfield"
    pull(stage)
    assert Practice.objects.filter(missing_since__isnull=False).count() == 3


def test_each_run_reads_the_newest_and_a_slice_of_the_rest(
    stage: Stage, elm: Enterprise, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("partnerportal.sync.parts.MARGIN", timedelta(0))
    stage.sandbox.assume(per_page_max="25")
    settings.PULL_SLICE_PAGES = 1
    rows = patients(stage, elm, 60)
    pull(stage)
    edit(stage, rows[40], city="Springfield")
    made = make(stage, "patients", enterprise_id=elm.remote_id, first_name="Zoe", last_name="Zander")
    before = Exchange.objects.filter(operation="enterprises.patients").count()
    job = pull(stage, full=False)
    assert fresh(rows[40]).city == "Springfield"
    assert Sighting.objects.filter(remote_id=made["id"], noun="patient").exists()
    assert Exchange.objects.filter(operation="enterprises.patients").count() - before == 2
    assert job.report["lists_not_read"] == 0
    assert PullPart.objects.get(noun="patient").resume_page == 2


@pytest.mark.parametrize("switch", ["sort_updated_at", "sort_desc"])
def test_an_order_that_is_ignored_only_makes_it_slower(stage: Stage, elm: Enterprise, switch: str) -> None:
    stage.sandbox.assume(**{switch: "ignored"})
    (ada, *_) = patients(stage, elm, 3)
    pull(stage)
    edit(stage, ada, city="Springfield")
    pull(stage, full=False)
    assert fresh(ada).city == "Springfield"


def test_without_meta_the_list_ends_with_an_empty_page(stage: Stage, elm: Enterprise) -> None:
    stage.sandbox.assume(meta="absent")
    ada, _ = patients(stage, elm, 2)
    edit(stage, ada, city="Springfield")
    assert pull(stage).report["lists_not_read"] == 0
    assert fresh(ada).city == "Springfield"


def test_a_refused_key_ends_the_pull_and_nothing_counts_as_read(stage: Stage, elm: Enterprise) -> None:
    patients(stage, elm, 1)
    stage.sandbox.fault(kind="refuse_key", count=1)
    job = pull(stage)
    assert (job.state, job.report["reason"]) == (Job.State.FAILED, "key_refused")
    assert set(PullPart.objects.values_list("state", flat=True)) == {PullPart.State.NOT_READ}


def test_an_answer_that_comes_after_our_own_change_does_not_undo_it(stage: Stage, elm: Enterprise) -> None:
    """A page read before our update was accepted is older than what we know."""
    (ada,) = patients(stage, elm, 1)
    old = dict(fresh(ada).remote)
    edit(stage, ada, city="Springfield")
    pull(stage)
    row = fresh(ada)
    assert merging.take(row, old).verdict == Verdict.STALE
    assert fresh(ada).city == "Springfield"


def test_a_doctor_changed_there_is_taken_too(stage: Stage, elm: Enterprise) -> None:
    doctor = Doctor(enterprise=elm, first_name="Hal", last_name="House", npi="1234567893")
    doctor.save()
    tie(stage, doctor)
    edit(stage, doctor, specialty="Diagnostics")
    pull(stage)
    assert fresh(doctor).specialty == "Diagnostics"


def test_a_doctor_that_was_soft_deleted_there_is_missing_there(stage: Stage, elm: Enterprise) -> None:
    doctor = Doctor(enterprise=elm, first_name="Hal", last_name="House", npi="1234567893")
    doctor.save()
    tie(stage, doctor)
    delete(stage, doctor)
    pull(stage)
    assert fresh(doctor).sync_state == SyncState.MISSING_THERE
    since = fresh(doctor).missing_since
    pull(stage)
    assert fresh(doctor).missing_since == since
    assert Entry.objects.filter(action="doctor_missing_there").count() == 1


def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries follow each other at once."""
    monkeypatch.setattr("partnerportal.sync.parts.backoff.delay", lambda *_, **__: 0.01)


def drive_until(there: Any) -> None:
    """Read on, one step at a time, until something holds."""
    for _ in range(200):
        found = leases.claim()
        assert found is not None
        pulling._read(*found, 0.0)
        if there():
            return
    raise AssertionError("it never came")


def test_account_types_made_there_are_taken_in_and_tie_to_ours_by_name(stage: Stage, elm: Enterprise) -> None:
    ours = AccountType.objects.create(enterprise=elm, name="No statements")
    make(stage, "account_types", enterprise_id=elm.remote_id, name="no statements")
    theirs = make(stage, "account_types", enterprise_id=elm.remote_id, name="Payment plan")
    assert pull(stage).report["lists_not_read"] == 0
    assert fresh(ours).remote_id is not None
    taken = AccountType.objects.get(remote_id=theirs["id"])
    assert (taken.enterprise, taken.name, taken.sync_state) == (elm, "Payment plan", SyncState.IN_SYNC)


def test_a_list_that_the_api_may_not_have_leaves_the_pull_whole(stage: Stage, elm: Enterprise) -> None:
    stage.sandbox.fault(kind="refuse", operation="account_types.list", count=100)
    job = pull(stage)
    assert (job.state, job.report["lists_not_read"]) == (Job.State.DONE, 0)
