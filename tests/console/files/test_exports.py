"""Files out: what is in them, who may take them, when they go, and that no cell is a formula."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from partnerportal.accounts.models import Staff
from partnerportal.audit.models import Entry
from partnerportal.console import exports, tasks
from partnerportal.jobs.models import Job
from partnerportal.records.exports import tables
from partnerportal.records.models import Enterprise, Export, ExportPiece, Patient
from tests.console.cast import signed_in


def start(staff: Staff, **said: Any) -> Export:
    data = {"noun": "patient", "scope": "all", "query": "", "shape": "rows", "form": "csv", **said}
    answer = signed_in(staff).post(reverse("export_start"), data)
    assert answer.status_code == 302, answer.content
    return Export.objects.latest("pk")


def download(staff: Staff, export: Export) -> bytes:
    answer = signed_in(staff).post(reverse("export_download", args=[export.pk]))
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_a_file_is_masked_unless_someone_who_may_says_otherwise(
    operator: Staff, auditor: Staff, ed: Patient
) -> None:
    for staff in (operator, auditor):
        masked = rows(download(staff, start(staff)))[0]
        assert (masked["Last name"], masked["Date of birth"], masked["Cell phone"]) == (
            "Edison", "1987", "(203) •••-••01",
        )  # fmt: skip
    clear = rows(download(operator, start(operator, clear="1")))[0]
    assert (clear["Date of birth"], clear["Cell phone"]) == ("1987-10-07", "2035550101")
    refused = start(auditor, clear="1")
    assert refused.masked


def test_an_ssn_is_in_no_file(operator: Staff, ed: Patient) -> None:
    ed.ssn = "801-31-3292"
    ed.save()
    for shape in ("rows", "ids"):
        content = download(operator, start(operator, clear="1", shape=shape))
        assert b"801" not in content
        assert b"3292" not in content


def test_the_lists_filters_and_ticks_are_kept(operator: Staff, ed: Patient, south: Enterprise) -> None:
    Patient.objects.create(enterprise=south, first_name="Sue", last_name="South")
    by_search = rows(download(operator, start(operator, query="q=edison")))
    by_enterprise = rows(download(operator, start(operator, query=f"enterprise={south.pk}")))
    by_tick = rows(download(operator, start(operator, scope="selected", ids=[ed.pk])))
    assert [r["Last name"] for r in by_search + by_enterprise + by_tick] == ["Edison", "South", "Edison"]


def test_chart_numbers_and_their_ids_go_out_alone(operator: Staff, ed: Patient) -> None:
    Patient.objects.filter(pk=ed.pk).update(remote_id=669)
    content = download(operator, start(operator, shape="ids", query=f"enterprise={ed.enterprise_id}"))
    assert rows(content) == [
        {
            "Chart no.": "12345",
            "Inbox Health id": "669",
            "Our id": f"P-{ed.pk}",
            "Enterprise": "North Clinic",
            "Enterprise Inbox Health id": "",
        }
    ]


@pytest.mark.parametrize("attack", ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "＝1", "\r=1"])
def test_no_text_is_a_formula(attack: str) -> None:
    assert tables.safe_cell(attack).startswith("'")
    assert tables.safe_cell(-5) == "-5"
    assert tables.safe_cell("O'Hara-Smith") == "O'Hara-Smith"


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_both_formats_hold_what_is_there(operator: Staff, north: Enterprise, form: str) -> None:
    Patient.objects.create(
        enterprise=north, first_name='=HYPERLINK("x")', last_name="Öztürk <&>", health_record_id="00042"
    )
    content = download(operator, start(operator, form=form))
    if form == "csv":
        found = rows(content)[0]
        assert found["First name"] == '\'=HYPERLINK("x")'
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        head, line = [list(row) for row in sheet.iter_rows()]  # type: ignore[union-attr]
        cells = dict(zip([c.value for c in head], line, strict=True))
        assert cells["First name"].data_type in ("s", "inlineStr")
        found = {name: cell.value for name, cell in cells.items()}
        assert found["First name"] == '=HYPERLINK("x")'
    assert (found["Last name"], found["Chart no."]) == ("Öztürk <&>", "00042")


def test_a_file_is_its_askers_alone_and_follows_their_scope(
    operator: Staff, administrator: Staff, ed: Patient
) -> None:
    export = start(operator)
    assert signed_in(administrator).get(reverse("export", args=[export.pk])).status_code == 404
    operator.all_enterprises = False
    operator.save()
    answer = signed_in(operator).post(reverse("export_download", args=[export.pk]))
    assert answer.status_code == 404
    assert not Entry.objects.filter(action="export_downloaded").exists()


def test_an_outsider_takes_out_nothing(outsider: Staff, ed: Patient) -> None:
    assert rows(download(outsider, start(outsider, scope="selected", ids=[ed.pk]))) == []


def test_asking_and_each_download_are_entries_and_names_hold_no_phi(operator: Staff, ed: Patient) -> None:
    export = start(operator, query="q=edison")
    download(operator, export)
    download(operator, export)
    actions = list(Entry.objects.filter(record=export.record_name).values_list("action", flat=True))
    assert actions == ["export_asked", "export_downloaded", "export_downloaded"]
    assert export.filename == f"patients-J-{export.pk}.csv"
    assert "dison" not in str(Job.objects.get(pk=export.pk).__dict__)


def test_a_download_is_no_get(operator: Staff, ed: Patient) -> None:
    export = start(operator)
    assert signed_in(operator).get(reverse("export_download", args=[export.pk])).status_code == 405


def test_files_lie_encrypted_and_go_with_their_time(operator: Staff, ed: Patient) -> None:
    export = start(operator)
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM records_exportpiece WHERE export_id = %s", [export.pk])
        stored = b"".join(bytes(row[0]) for row in cursor.fetchall())
    assert stored
    assert b"Edison" not in stored
    Export.objects.filter(pk=export.pk).update(created_at=timezone.now() - timedelta(days=8))
    tasks.sweep_exports()
    assert not ExportPiece.objects.filter(export=export).exists()
    html = signed_in(operator).get(reverse("export", args=[export.pk])).content.decode()
    assert "The file is gone" in html
    assert signed_in(operator).post(reverse("export_download", args=[export.pk])).status_code == 404


def test_a_large_file_is_written_by_a_worker_and_picked_up_where_one_died(
    operator: Staff, north: Enterprise, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "HERE", 1)
    for number in range(3):
        Patient.objects.create(enterprise=north, last_name=f"Kim{number}", date_of_birth=date(1980, 1, 1))
    export = start(operator)
    page = signed_in(operator).get(reverse("export", args=[export.pk])).content.decode()
    assert "0 of 3 rows are written" in page
    ExportPiece.objects.create(export=export, number=0, content=b"half a file")
    Job.objects.filter(pk=export.pk).update(heartbeat_at=timezone.now() - timedelta(minutes=1))
    tasks.sweep_exports()
    assert len(rows(download(operator, export))) == 3


def test_the_short_address_of_an_export_leads_to_it(operator: Staff, ed: Patient) -> None:
    export = start(operator)
    answer = signed_in(operator).get(f"/J-{export.pk}")
    assert answer["Location"] == reverse("export", args=[export.pk])


def test_choosing_says_what_goes_out_and_changes_nothing(operator: Staff, ed: Patient) -> None:
    said = {"noun": "patient", "scope": "all", "query": f"enterprise={ed.enterprise_id}&view=not-sent"}
    html = signed_in(operator).post(reverse("export_choose"), said).content.decode()
    assert "Export 1 patient<" in html
    assert "Enterprise North Clinic" in html
    assert not Export.objects.exists()
