"""One side's change merges by itself, one on both sides waits for a person, nothing older is taken."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from partnerportal.audit.models import Entry
from partnerportal.audit.sealed import unseal
from partnerportal.kernel.clock import db_now
from partnerportal.records import apply, merging
from partnerportal.records.merging import Verdict
from partnerportal.records.models import Difference, Enterprise, Patient
from partnerportal.records.state import SyncState
from tests.cast import make_enterprise, make_patient, make_practice

BEFORE, AFTER = "2026-11-24T10:00:00.000Z", "2026-11-24T10:00:05.000Z"

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient() -> Patient:
    enterprise = make_enterprise()
    row = make_patient(enterprise, city="Chicopee")
    sent = row.wire.create_payload(row)
    apply.accept(row, sent, {**sent, "id": 669, "updated_at": BEFORE}, created=True)
    return row


def there(row: Patient, updated_at: str = AFTER, **changed: Any) -> dict[str, Any]:
    return {**(row.remote or {}), "updated_at": updated_at, **changed}


def take(row: Any, answer: dict[str, Any], **how: Any) -> merging.Taken:
    with transaction.atomic():
        taken = merging.take(row, answer, **how)
    row.refresh_from_db()
    return taken


def edit(row: Patient, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()


def test_a_field_changed_there_alone_is_taken_and_nothing_is_left_to_send(patient: Patient) -> None:
    taken = take(patient, there(patient, cell_phone="203-555-0177", city="Springfield"))
    assert (taken.verdict, set(taken.changed)) == (Verdict.TAKEN, {"cell_phone", "city"})
    assert (patient.cell_phone, patient.city) == ("(203) 555-0177", "Springfield")
    assert (patient.dirty, patient.conflicts, patient.sync_state) == ([], [], SyncState.IN_SYNC)
    assert patient.wire.changed_there(patient) == []


def test_what_was_taken_is_written_down_with_both_values_and_in_the_history(patient: Patient) -> None:
    take(patient, there(patient, city="Springfield"))
    entry = Entry.objects.get(action="patient_merged", record=patient.record_name)
    assert (entry.patient, entry.actor) == (patient.pk, "schedule")
    assert unseal(entry)["taken"] == {"city": {"was": "Chicopee", "now": "Springfield"}}
    assert (
        Patient.pgh_event_model.objects.filter(pgh_obj_id=patient.pk).latest("pgh_id").city == "Springfield"
    )
    assert patient.version == 2


def test_a_field_changed_here_alone_stays_to_be_sent(patient: Patient) -> None:
    edit(patient, city="Boston")
    taken = take(patient, there(patient, last_name="Lovelace"))
    assert taken.changed == ("last_name",)
    assert (patient.city, patient.last_name, patient.dirty) == ("Boston", "Lovelace", ["city"])
    assert patient.sync_state == SyncState.CHANGED_HERE


def test_a_field_changed_on_both_sides_waits_for_a_person_and_the_others_do_not(patient: Patient) -> None:
    edit(patient, city="Boston")
    taken = take(patient, there(patient, city="Springfield", zip="01105"))
    assert (taken.verdict, taken.conflicts, taken.changed) == (Verdict.CONFLICT, ("city",), ("zip",))
    assert (patient.city, patient.zip, patient.sync_state) == ("Boston", "01105", SyncState.CONFLICT)


def test_the_same_change_on_both_sides_is_none(patient: Patient) -> None:
    edit(patient, cell_phone="2035550177")
    take(patient, there(patient, cell_phone="(203) 555-0177"))
    assert (patient.dirty, patient.conflicts, patient.sync_state) == ([], [], SyncState.IN_SYNC)


def test_an_older_answer_changes_nothing(patient: Patient) -> None:
    take(patient, there(patient, city="Springfield"))
    taken = take(patient, there(patient, BEFORE, city="Chicopee"), began=db_now() + timedelta(seconds=1))
    assert (taken.verdict, patient.city) == (Verdict.STALE, "Springfield")


def test_two_answers_of_one_moment_are_told_apart_only_by_when_they_were_read(patient: Patient) -> None:
    tie = there(patient, BEFORE, city="Springfield")
    assert take(patient, tie).undecided
    assert patient.city == "Chicopee"
    assert take(patient, tie, began=db_now() - timedelta(hours=1)).undecided
    assert take(patient, tie, began=db_now()).verdict == Verdict.TAKEN
    assert patient.city == "Springfield"


def test_the_same_answer_again_changes_nothing(patient: Patient) -> None:
    answer = there(patient, city="Springfield")
    take(patient, answer)
    version = patient.version
    assert take(patient, answer).verdict == Verdict.UNCHANGED
    assert patient.version == version
    assert Entry.objects.filter(action="patient_merged").count() == 1


def test_what_our_column_cant_hold_is_kept_as_a_difference_and_not_guessed(patient: Patient) -> None:
    taken = take(patient, there(patient, date_of_birth="no day", practice_id=999, city="Springfield"))
    assert set(taken.refused) == {"date_of_birth", "practice_id"}
    assert patient.city == "Springfield" and patient.date_of_birth is not None
    assert Difference.objects.get(noun="patient", record_id=patient.pk).attributes == [
        "date_of_birth", "practice_id",
    ]  # fmt: skip
    make_practice(patient.enterprise, remote_id=999)
    take(patient, there(patient, "2026-11-24T10:00:09.000Z", date_of_birth="1980-01-02", practice_id=999))
    assert patient.practice_remote_id == 999
    assert not Difference.objects.exists()


def test_a_chart_number_that_another_patient_has_is_not_taken_twice(patient: Patient) -> None:
    make_patient(patient.enterprise, health_record_id="Z-1")
    assert take(patient, there(patient, health_record_id="Z-1")).refused == ("health_record_id",)


def test_the_practice_of_another_enterprise_is_never_taken(patient: Patient) -> None:
    make_practice(make_enterprise("Oak"), remote_id=77)
    assert take(patient, there(patient, practice_id=77)).refused == ("practice_id",)


def test_an_ssn_is_taken_only_where_it_may_travel_and_never_written_down(patient: Patient) -> None:
    take(patient, there(patient, ssn="111-11-4444"))
    assert patient.ssn in (None, "")
    Enterprise.objects.filter(pk=patient.enterprise_id).update(allow_ssn=True)
    patient = Patient.objects.get(pk=patient.pk)
    patient.save()
    take(patient, there(patient, "2026-11-24T10:00:09.000Z", ssn="111-11-5555"))
    assert patient.ssn == "111-11-5555"
    entry = Entry.objects.latest("pk")
    assert unseal(entry)["taken"] == {"ssn": {}}


def test_a_cleared_field_there_is_cleared_here(patient: Patient) -> None:
    take(patient, there(patient, city=None, date_of_birth=None))
    assert (patient.city, patient.date_of_birth, patient.dirty) == ("", None, [])


def test_an_enterprises_figures_are_taken_as_they_are() -> None:
    row = make_enterprise(sales_tax="6.35")
    sent = row.wire.create_payload(row)
    apply.accept(row, sent, {**sent, "id": 10, "updated_at": BEFORE}, created=True)
    answer = {**(row.remote or {}), "sales_tax": 7.125, "first_class": True, "updated_at": AFTER}
    take(row, answer)
    row.refresh_from_db()
    assert (str(row.sales_tax), row.first_class, row.dirty) == ("7.125", True, [])
