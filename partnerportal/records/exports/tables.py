"""Rows as CSV or XLSX, in pieces as they are made: nothing is written on a disk. Pure.

A cell that a spreadsheet would run as a formula is text: quoted in CSV, a string by its type in XLSX.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol
from xml.sax.saxutils import escape

from partnerportal.records.exports.columns import Value

MOST_SHEET_ROWS = 1_048_575  # what a sheet holds, without its heading
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_SHEET = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="Export" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


class Out(Protocol):
    """Takes bytes, in order."""

    def write(self, data: bytes, /) -> Any: ...


class TooManyRows(Exception):
    """A sheet can't hold them; CSV can."""


def safe_cell(value: Value) -> str:
    """Text that no spreadsheet runs. Numbers stay numbers, also negative ones."""
    text = "" if value is None else str(value)
    dangerous = isinstance(value, str) and (text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA))
    return f"'{text}" if dangerous else text


def write_csv(out: Out, headings: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    """UTF-8 with a mark, which is how a spreadsheet knows it; lines end as RFC 4180 has it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    out.write(b"\xef\xbb\xbf")
    for row in _with_headings(headings, rows):
        writer.writerow([safe_cell(value) for value in row])
        if text.tell() > 64 * 1024:
            _flush(text, out)
    _flush(text, out)


def _flush(text: io.StringIO, out: Out) -> None:
    out.write(text.getvalue().encode("utf-8", "replace"))
    text.seek(0)
    text.truncate()


def _with_headings(headings: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[Sequence[Value]]:
    yield list(headings)
    yield from rows


def write_xlsx(out: Out, headings: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    """A workbook of one sheet. Texts are inline strings: leading zeros stay. Raises TooManyRows."""
    with zipfile.ZipFile(_Stream(out), "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in _PARTS.items():
            package.writestr(name, _SHEET + content)
        with package.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(f'{_SHEET}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            for number, row in enumerate(_with_headings(headings, rows)):
                if number > MOST_SHEET_ROWS:
                    raise TooManyRows
                sheet.write(f"<row>{''.join(map(_cell, row))}</row>".encode())
            sheet.write(b"</sheetData></worksheet>")


def _cell(value: Value) -> str:
    if isinstance(value, int | float):
        return f"<c><v>{value}</v></c>"
    if not value:
        return "<c/>"
    text = escape(_NOT_XML.sub("", value))
    return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


class _Stream:
    """What zipfile needs of a file that can't go back."""

    def __init__(self, out: Out) -> None:
        self._out = out

    def write(self, data: bytes) -> int:
        self._out.write(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits here."""

    def close(self) -> None:
        """Whoever made `out` ends it."""
