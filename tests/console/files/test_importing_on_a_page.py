"""Importing on its pages: who may, what is shown, what each act does and leaves in the audit."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from partnerportal.accounts.models import Staff
from partnerportal.audit.models import Entry
from partnerportal.console import formats
from partnerportal.delivery.models import Plan
from partnerportal.records.models import Enterprise, Import, Patient
from tests.console.cast import person, signed_in

ROWS = "MRN,First,Last,DOB\n1,Ann,Lee,1990-01-02\n2,Bo,Ray,1987-13-02\n"


@pytest.fixture
def client(operator: Staff) -> Client:
    return signed_in(operator)


def upload(
    client: Client, enterprise: Enterprise | None, text: str | bytes = ROWS, kind: str = "patients"
) -> HttpResponse:
    data = text.encode() if isinstance(text, str) else text
    file = SimpleUploadedFile("Lee Ann.csv", data, "text/csv")
    pk = enterprise.pk if enterprise else ""
    return client.post("/files/import/", {"kind": kind, "enterprise": pk, "file": file})


@pytest.fixture
def checked(client: Client, north: Enterprise) -> Import:
    assert upload(client, north).status_code == 302
    return Import.objects.get()


def page(client: Client, found: Import, query: str = "") -> str:
    answer = client.get(f"/files/jobs/{found.pk}/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_check_shows_counts_problem_and_remedy(client: Client, checked: Import) -> None:
    text = page(client, checked)
    assert "Import 1 patient" in text
    assert "“1987-13-02” is no date" in text
    assert "write 1987-02-13" in text
    assert "line 3" in text
    assert not Patient.objects.exists()


def test_importing_then_reviewing_the_push(client: Client, checked: Import) -> None:
    assert client.post(f"/files/jobs/{checked.pk}/confirm/").status_code == 302
    assert Patient.objects.get().last_name == "Lee"
    assert "Review push of 1…" in page(client, checked)
    answer = client.post(f"/files/jobs/{checked.pk}/push/")
    plan = Plan.objects.get()
    assert answer["Location"] == f"/push/plans/{plan.pk}/"
    assert plan.counts == {"create": 1}


def test_undo_takes_it_back(client: Client, checked: Import) -> None:
    client.post(f"/files/jobs/{checked.pk}/confirm/")
    assert "1 patient" in client.get(f"/files/jobs/{checked.pk}/undo/").content.decode()
    client.post(f"/files/jobs/{checked.pk}/undo/")
    assert not Patient.objects.exists()
    assert "Undone" in page(client, checked)


def test_the_rows_that_stay_out_come_back_as_a_file_and_an_entry(client: Client, checked: Import) -> None:
    answer = client.post(f"/files/jobs/{checked.pk}/rows/")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert lines[0] == "Line,What is wrong,MRN,First,Last,DOB"
    assert lines[1].startswith("3,DOB · “1987-13-02” is no date · write 1987-02-13,2,Bo,Ray")
    assert f'filename="rows-{checked.short_id}.csv"' in answer["Content-Disposition"]
    assert Entry.objects.filter(action="import_rows_exported", record=checked.record_name).exists()


def test_cancelling_lets_the_file_go(client: Client, checked: Import) -> None:
    client.post(f"/files/jobs/{checked.pk}/cancel/")
    checked.refresh_from_db()
    assert checked.state == Import.State.CANCELLED
    assert not checked.pieces.exists()
    assert "Nothing of it went in" in page(client, checked)


def test_a_pdf_is_told_on_the_page(client: Client, north: Enterprise) -> None:
    upload(client, north, b"%PDF-1.7")
    assert "This is a PDF. Export it as CSV or XLSX." in page(client, Import.objects.get())


def test_unusual_headings_are_mapped_by_hand(client: Client, north: Enterprise) -> None:
    upload(client, north, "Nr,Vorname,Nachname\n1,Ann,Lee\n")
    found = Import.objects.get()
    assert "No column for last name among: Nr, Vorname, Nachname" in page(client, found)
    form = client.get(f"/files/jobs/{found.pk}/columns/").content.decode()
    assert "Nachname" in form
    chosen = {"column-health_record_id": "0", "column-first_name": "1", "column-last_name": "2"}
    client.post(f"/files/jobs/{found.pk}/columns/", chosen)
    assert "Import 1 patient" in page(client, found)


def test_a_maybe_is_decided_on_the_page(client: Client, north: Enterprise, ed: Patient) -> None:
    upload(client, north, "MRN,First,Last,DOB\n9,Ed,Edison,1987-10-07\n")
    found = Import.objects.get()
    assert "Here already" in page(client, found)
    client.post(f"/files/jobs/{found.pk}/decide/", {"line": "2", "decision": "same"})
    assert "Import 1 patient" in page(client, found)
    client.post(f"/files/jobs/{found.pk}/confirm/")
    ed.refresh_from_db()
    assert ed.health_record_id == "9"


def test_without_enterprise_or_file_the_page_says_what_is_missing(
    client: Client, north: Enterprise, south: Enterprise
) -> None:
    answer = upload(client, None)
    assert answer.status_code == 422
    assert "Choose the enterprise" in answer.content.decode()
    answer = client.post("/files/import/", {"kind": "patients", "enterprise": north.pk})
    assert "Choose a file" in answer.content.decode()


def test_an_enterprise_is_typed_by_id(client: Client, north: Enterprise, south: Enterprise) -> None:
    file = SimpleUploadedFile("a.csv", ROWS.encode())
    client.post("/files/import/", {"kind": "patients", "named": south.short_id, "file": file})
    assert Import.objects.get().enterprise == south


def test_the_file_is_held_in_memory_only_for_the_import_page(client: Client, north: Enterprise) -> None:
    answer = client.post("/push/record/", {"file": SimpleUploadedFile("a.csv", ROWS.encode())})
    assert not answer.wsgi_request.FILES


def test_an_auditor_reads_and_does_nothing(checked: Import, auditor: Staff) -> None:
    other = signed_in(auditor)
    text = page(other, checked)
    assert "1987-13-02" not in text
    assert "Import 1 patient" not in text
    assert other.get("/files/").status_code == 200
    assert other.get("/files/import/").status_code == 403
    for act in ("confirm", "cancel", "decide", "undo", "rows", "columns"):
        assert other.post(f"/files/jobs/{checked.pk}/{act}/").status_code == 403


def test_another_enterprises_import_is_not_there(checked: Import, outsider: Staff, south: Enterprise) -> None:
    other = signed_in(outsider)
    outsider.scope.create(enterprise=south)
    assert other.get(f"/files/jobs/{checked.pk}/").status_code == 404
    assert other.post(f"/files/jobs/{checked.pk}/confirm/").status_code == 404
    assert upload(other, checked.enterprise).status_code == 422
    assert checked.short_id not in other.get("/files/").content.decode()


def test_an_act_by_get_changes_nothing(client: Client, checked: Import) -> None:
    for act in ("confirm", "cancel", "decide", "rows", "push"):
        assert client.get(f"/files/jobs/{checked.pk}/{act}/").status_code == 405
    checked.refresh_from_db()
    assert checked.state == Import.State.CHECKED


def test_no_name_of_a_person_stands_in_a_title_or_message(client: Client, checked: Import) -> None:
    text = page(client, checked)
    title = text[text.index("<title>") : text.index("</title>")]
    assert title == f"<title>Import {checked.short_id} · Partner Portal"
    client.post(f"/files/jobs/{checked.pk}/cancel/")
    messages = client.get("/files/").context["messages"]
    assert all("Lee" not in str(message) for message in messages)


def test_remembered_columns_are_said_and_can_be_changed(client: Client, north: Enterprise) -> None:
    text = "Nr,Vorname,Nachname\n1,Ann,Lee\n"
    upload(client, north, text)
    first = Import.objects.get()
    form = client.get(f"/files/jobs/{first.pk}/columns/").content.decode()
    assert "Remember for North Clinic" in form
    chosen = {"column-first_name": "1", "column-last_name": "2", "remember": "1"}
    client.post(f"/files/jobs/{first.pk}/columns/", chosen)
    assert "Columns as you mapped them" not in page(client, first)
    upload(client, north, text)
    second = Import.objects.latest("pk")
    said = page(client, second)
    assert f"Columns as you mapped them on {formats.on_day(timezone.now())}." in said
    assert f'<a class="link" href="/files/jobs/{second.pk}/columns/">Change columns</a>' in said
    assert "Columns as olivia mapped them" in page(signed_in(person("petra", "operator")), second)
    client.post(f"/files/jobs/{second.pk}/columns/", chosen | {"column-health_record_id": "0"})
    assert "Columns as you mapped them" not in page(client, second)


def test_an_ssn_mapped_to_nothing_is_not_shown_as_a_sample(client: Client, north: Enterprise) -> None:
    north.allow_ssn = True
    north.save()
    upload(client, north, "First,Last,SSN\nAnn,Lee,123-45-6789\n")
    found = Import.objects.get()
    client.post(f"/files/jobs/{found.pk}/columns/", {"column-first_name": "0", "column-last_name": "1"})
    assert "123-45-6789" not in client.get(f"/files/jobs/{found.pk}/columns/").content.decode()


def test_unchanged_rows_are_listed(client: Client, checked: Import, north: Enterprise) -> None:
    client.post(f"/files/jobs/{checked.pk}/confirm/")
    upload(client, north)
    text = page(client, Import.objects.latest("pk"), "?tab=unchanged")
    assert "Here already, and the same" in text
    assert Patient.objects.get().short_id in text
