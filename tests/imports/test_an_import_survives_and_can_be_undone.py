"""An import that is killed goes on where it was; one that is in can be taken back while nothing was sent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.utils import timezone

from partnerportal.audit.models import Entry
from partnerportal.jobs.models import Job
from partnerportal.records.imports import applying, reviving, services, source, storage, undoing
from partnerportal.records.imports.source import Source
from partnerportal.records.models import Import, ImportPiece, Patient
from tests.imports.conftest import WHO, Bring

FILE = "MRN,First,Last,DOB\n" + "".join(f"{n},Ann{n},Lee,1990-01-02\n" for n in range(1, 26))


class Killed(BaseException):
    """Stands for kill -9: nothing catches it."""


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "CHUNK", 10)


@pytest.fixture
def killed(checked: Bring, monkeypatch: pytest.MonkeyPatch) -> Import:
    """An import that died between its second and third chunk."""
    found = checked(FILE)
    whole = Source.chunks

    def dying(self: Source, after: int = 0) -> Any:
        for number, chunk in enumerate(whole(self, after)):
            if number == 2:
                raise Killed
            yield chunk

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(Source, "chunks", dying)
        services.confirm(WHO, found)
    return found


def test_a_killed_import_goes_on_behind_its_last_chunk(killed: Import) -> None:
    assert Patient.objects.count() == 20
    before = set(Patient.objects.values_list("pk", flat=True))
    applying.apply(killed.pk)
    done = Import.objects.get(pk=killed.pk)
    assert done.state == Import.State.DONE
    assert done.facts["result"] == {"new": 25}
    assert Patient.objects.count() == 25
    assert before < set(Patient.objects.values_list("pk", flat=True))


def test_the_sweep_revives_what_fell_silent_and_leaves_the_rest_alone(killed: Import) -> None:
    assert reviving.sweep() == 0
    Job.objects.filter(pk=killed.pk).update(heartbeat_at=timezone.now() - timedelta(minutes=5))
    assert reviving.sweep() == 1
    assert Patient.objects.count() == 25


def test_two_workers_do_not_share_an_import(killed: Import) -> None:
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [0x494D50, killed.pk])
        applying.apply(killed.pk)
        assert Patient.objects.count() == 20
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_all()")
    finally:
        other.close()
    applying.apply(killed.pk)
    assert Patient.objects.count() == 25


def test_an_undo_takes_back_what_was_made_and_what_was_changed(imported: Bring) -> None:
    imported(FILE)
    second = imported("MRN,First,Last,DOB,Cell\n1,Ann1,Lee,1990-01-02,2035550101\n99,Bo,Ray,1991-01-02,\n")
    assert second.facts["result"] == {"changed": 1, "new": 1}
    assert undoing.hindrance(second) == ""
    assert undoing.undo(second, WHO) == 2
    assert Patient.objects.count() == 25
    assert Patient.objects.get(health_record_id="1").cell_phone == ""
    assert Import.objects.get(pk=second.pk).state == Import.State.UNDONE
    assert Entry.objects.filter(action="import_undone", record=second.record_name).exists()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"remote_id": 669}, "went to Inbox Health"),
        ({"delivery_state": "unknown"}, "on the way"),
        ({"version": 2}, "changed since"),
    ],
)
def test_an_undo_is_refused_once_something_was_sent_or_edited(
    imported: Bring, change: dict[str, Any], says: str
) -> None:
    done = imported(FILE)
    Patient.objects.filter(health_record_id="3").update(**change)
    with pytest.raises(undoing.CannotUndo, match=says):
        undoing.undo(done, WHO)
    assert Patient.objects.count() == 25


def test_history_names_the_import_as_the_source(imported: Bring) -> None:
    done = imported(FILE)
    events = apps.get_model("records", "PatientEvent").objects.select_related("pgh_context")
    assert {event.pgh_context.metadata["cause"] for event in events} == {done.record_name}
    assert events.count() == 25


def test_one_entry_for_an_import_not_one_a_row(imported: Bring) -> None:
    done = imported(FILE)
    actions = Entry.objects.filter(record=done.record_name).values_list("action", flat=True)
    assert sorted(actions) == ["file_imported", "file_uploaded", "import_confirmed"]


def test_the_file_lies_encrypted_and_goes_after_its_days(checked: Bring) -> None:
    found = checked(FILE)
    assert b"Ann1" not in b"".join(_stored())
    assert storage.load(found) == FILE.encode()
    Import.objects.update(created_at=timezone.now() - timedelta(days=settings.IMPORT_KEEP_DAYS + 1))
    assert storage.expire() == 1
    assert not ImportPiece.objects.exists()
    with pytest.raises(storage.FileGone):
        storage.load(found)


def _stored() -> list[bytes]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM records_importpiece")
        return [bytes(row[0]) for row in cursor.fetchall()]
