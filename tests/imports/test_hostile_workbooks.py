"""A workbook made to harm costs this process next to nothing, whichever of its parts it sits in."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable

import openpyxl
import pytest

from partnerportal.records.imports import checking, services, sheets
from partnerportal.records.imports.refusal import Refusal
from partnerportal.records.models import Enterprise, Import
from tests.imports.conftest import WHO

_MEASURE = """
import resource, sys
from partnerportal.records.imports.refusal import Refusal
from partnerportal.records.imports.sheets import Sheet
try:
    said = sum(1 for _ in Sheet(sys.stdin.buffer.read()).lines())
except Refusal as refusal:
    said = str(refusal)
import json
print(json.dumps([said, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
                  resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024]))
"""


_NS = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def workbook() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["First name", "Last name", "DOB"])  # type: ignore[union-attr]
    book.active.append(["Ann", "Lee", "01/02/1990"])  # type: ignore[union-attr]
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def with_part(name: str, content: bytes) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for known, was in {**parts(workbook()), name: content}.items():
            archive.writestr(known, was)
    return kept.getvalue()


def with_rows(rows: bytes) -> bytes:
    sheet = b"<worksheet " + _NS + b"><sheetData>" + rows + b"</sheetData></worksheet>"
    return with_part("xl/worksheets/sheet1.xml", sheet)


def measured(data: bytes) -> tuple[int | str, int, int]:
    """What reading it gave, and the memory it took here and in children, in MB: in a process of its own."""
    run = subprocess.run(
        [sys.executable, "-c", _MEASURE], input=data, capture_output=True, check=True, timeout=120
    )
    said, here, child = json.loads(run.stdout)
    return said, here, child


HUGE = b'<row r="1"><c r="A1" t="inlineStr"><is><t>%s</t></is></c></row>'
FORMAT = b'<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
HOSTILE: dict[str, Callable[[], bytes]] = {
    "styles over the limit": lambda: with_part(
        "xl/styles.xml", b"<styleSheet " + _NS + b"><cellXfs>" + FORMAT * 600_000 + b"</cellXfs></styleSheet>"
    ),
    "styles within the limit": lambda: with_part(
        "xl/styles.xml", b"<styleSheet " + _NS + b"><cellXfs>" + FORMAT * 150_000 + b"</cellXfs></styleSheet>"
    ),
    "shared strings": lambda: with_part(
        "xl/sharedStrings.xml", b"<sst " + _NS + b">" + b"<si><t/></si>" * 9_000_000 + b"</sst>"
    ),
    "one row of many cells": lambda: with_rows(b'<row r="1">' + b"<c/>" * 6_000_000 + b"</row>"),
    "one huge cell": lambda: with_rows(HUGE % (b"x" * 60_000_000)),
    "a theme": lambda: with_part("xl/theme/theme1.xml", b"<a>" + b" " * 90_000_000 + b"</a>"),
    "a name that nests": lambda: with_part(
        "xl/workbook.xml",
        b'<!DOCTYPE w [<!ENTITY a "xxxxxxxxxx">'
        + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
        + b"]><workbook " + _NS + b"><sheets>&j;</sheets></workbook>",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_it_costs_this_process_next_to_nothing(name: str) -> None:
    data = HOSTILE[name]()
    _, usual, _ = measured(workbook())
    _, here, child = measured(data)
    assert here < usual + 30
    assert child < 1_100


def test_what_a_good_workbook_holds_is_read() -> None:
    (first, second) = sheets.Sheet(workbook()).lines()
    assert first == (1, ["First name", "Last name", "DOB"])
    assert second == (2, ["Ann", "Lee", "01/02/1990"])


def test_a_reader_that_runs_out_of_memory_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "_CHILD_MEGABYTES", 200)
    with pytest.raises(Refusal, match="more than the portal reads"):
        sheets.Sheet(with_rows(HUGE % (b"x" * 120_000_000)))


def test_a_reader_that_needs_too_long_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "_CHILD_SECONDS", 1)
    with pytest.raises(Refusal, match="more than the portal reads"):
        list(sheets.Sheet(with_rows(b'<row r="1"><c t="b"><v>1</v></c></row>' * 900_000)).lines())


@pytest.mark.django_db
def test_a_workbook_is_never_read_while_a_person_waits(
    enterprise: Enterprise, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[str] = []
    monkeypatch.setattr(services, "ring", lambda task, *_, **__: rung.append(task))
    found = services.begin(WHO, kind="patients", enterprise=enterprise, filename="a.xlsx", data=workbook())
    assert found.state == Import.State.CHECKING
    assert rung == ["partnerportal.records.tasks.check_import"]
    checking.check(found.pk)
    services.confirm(WHO, found)
    assert rung[1:] == ["partnerportal.records.tasks.apply_import"]
