"""An enterprise that was there first is brought in with all below it, and nobody comes in twice."""

from __future__ import annotations

from typing import Any

import pytest

from partnerportal.audit.models import Entry
from partnerportal.jobs.models import Job
from partnerportal.records import duplicates
from partnerportal.records.models import Difference, Doctor, Enterprise, Patient, Practice
from partnerportal.records.state import SyncState
from partnerportal.sync import differences, mending, services
from tests.cast import Stage, make_enterprise, make_patient
from tests.sync.scene import make, pull, through


@pytest.fixture
def there(stage: Stage) -> dict[str, Any]:
    """What an old script made: an enterprise, a practice, a doctor and five patients, two of them one."""
    elm = make(stage, "enterprises", name="Elm Street", city="Chicopee", state="Massachusetts")
    make(stage, "doctors", enterprise_id=elm["id"], first_name="Hal", last_name="House", npi="1234567893")
    for number in range(3):
        person(stage, elm, number)
    person(stage, elm, 7)
    person(stage, elm, 7)
    pull(stage)
    return elm


def person(stage: Stage, elm: dict[str, Any], number: int, **more: Any) -> dict[str, Any]:
    values = {"first_name": "Ada", "last_name": f"Byron{number}", "date_of_birth": "1979-10-26"}
    values |= {"health_record_id": f"C-{number}", "cell_phone": "203-555-0101", "sex": "F", "zip": "01013"}
    return make(stage, "patients", enterprise_id=elm["id"], **{**values, **more})


def adopt(stage: Stage, remote_id: int, **how: Any) -> Job:
    return through(services.request_adoption(stage.context, remote_id, **how))


def test_all_below_it_comes_in_and_nothing_is_left_to_send(stage: Stage, there: dict[str, Any]) -> None:
    job = adopt(stage, there["id"])
    elm = Enterprise.objects.get(remote_id=there["id"])
    assert (job.state, job.enterprise_id, elm.adopted, elm.name) == (
        Job.State.DONE,
        elm.pk,
        True,
        "Elm Street",
    )
    assert Practice.objects.filter(enterprise=elm).count() == 1  # the seed practice
    assert Doctor.objects.get(enterprise=elm).npi == "1234567893"
    people = Patient.objects.filter(enterprise=elm)
    assert people.count() == 5
    assert {row.sync_state for row in [elm, *people]} == {SyncState.IN_SYNC}
    ada = people.get(health_record_id="C-0")
    assert (ada.cell_phone, str(ada.date_of_birth), ada.sex) == ("(203) 555-0101", "1979-10-26", "Female")
    assert Entry.objects.filter(action="patient_adopted", actor="user:ola", patient=ada.pk).exists()
    assert not any(r["method"] != "GET" for r in stage.sandbox.requests())


def test_what_an_old_script_made_twice_is_brought_in_and_listed(stage: Stage, there: dict[str, Any]) -> None:
    adopt(stage, there["id"])
    elm = Enterprise.objects.get(remote_id=there["id"])
    (suspect,) = [s for s in duplicates.suspects(elm.pk) if "name_birth" in s.why]
    assert {suspect.one.last_name, suspect.other.last_name} == {"Byron7"}
    assert sorted([suspect.one.health_record_id, suspect.other.health_record_id]) == ["", "C-7"]
    assert Difference.objects.get().attributes == ["health_record_id"]
    assert suspect.one.dirty == suspect.other.dirty == []


def test_it_ties_ours_by_chart_number_and_leaves_the_doubtful_to_a_person(stage: Stage) -> None:
    elm = make(stage, "enterprises", name="Elm Street")
    mine = make_enterprise("Elm Street")
    same_chart = make_patient(mine, last_name="Byron1", health_record_id="C-1")
    same_name = make_patient(mine, first_name="Ada", last_name="Byron2", health_record_id="OTHER")
    one, two = person(stage, elm, 1, city="Boston"), person(stage, elm, 2)
    pull(stage)
    job = adopt(stage, elm["id"], link_to=mine)
    assert (job.report["linked"], job.report["doubtful"]) == (1, 2)  # the doubtful one is seen twice
    same_chart.refresh_from_db()
    same_name.refresh_from_db()
    assert (same_chart.remote_id, same_name.remote_id) == (one["id"], None)
    assert same_chart.city == "Boston" and "city" not in same_chart.dirty  # ours had none
    seen = differences.rows(stage.operator, differences.ONLY_THERE, "patient", mine.pk)
    assert [s.remote_id for s in seen] == [two["id"]]
    mending.link_one(stage.context, "patient", two["id"], same_name.pk)
    same_name.refresh_from_db()
    assert same_name.remote_id == two["id"] and not seen.all().exists()


def test_someone_else_of_the_same_name_is_brought_in_as_new(stage: Stage) -> None:
    elm = make(stage, "enterprises", name="Elm Street")
    mine = make_enterprise("Elm Street")
    make_patient(mine, first_name="Ada", last_name="Byron2", health_record_id="OTHER")
    two = person(stage, elm, 2)
    pull(stage)
    adopt(stage, elm["id"], link_to=mine)
    assert mending.bring_one_in(stage.context, "patient", two["id"], as_new=False) == "doubtful"
    assert mending.bring_one_in(stage.context, "patient", two["id"], as_new=True) == "taken_in"
    assert Patient.objects.filter(enterprise=mine, last_name="Byron2").count() == 2


def test_adopting_again_brings_nothing_twice(stage: Stage, there: dict[str, Any]) -> None:
    adopt(stage, there["id"])
    with pytest.raises(services.NotPossible):
        services.request_adoption(stage.context, there["id"])
    pull(stage)
    assert Patient.objects.count() == 5


def test_300_patients_come_in_whole(stage: Stage) -> None:
    elm = make(stage, "enterprises", name="Elm Street")
    for number in range(300):
        person(stage, elm, number)
    pull(stage)
    job = adopt(stage, elm["id"])
    rows = Patient.objects.filter(enterprise__remote_id=elm["id"])
    assert (rows.count(), job.report["taken_in"]) == (300, 301)  # and the seed practice
    assert set(rows.values_list("sync_state", flat=True)) == {SyncState.IN_SYNC}
    assert {row.health_record_id for row in rows} == {f"C-{number}" for number in range(300)}


def test_what_is_missing_there_can_be_sent_again_or_marked_removed(
    stage: Stage, there: dict[str, Any]
) -> None:
    adopt(stage, there["id"])
    one, two = Patient.objects.filter(health_record_id__in=["C-1", "C-2"]).order_by("pk")
    for row in (one, two):
        Patient.objects.filter(pk=row.pk).update(missing_since=row.created_at)
    mending.untie_missing(stage.context, "patient", one.pk)
    mending.mark_removed(stage.context, "patient", two.pk)
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.sync_state, one.remote_id) == (SyncState.NOT_SENT, None)
    assert (two.sync_state, two.removed, two.dirty) == (SyncState.REMOVED, True, [])
