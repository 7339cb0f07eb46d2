"""XLSX: the first sheet that holds something, as lines. Imports openpyxl (read-only, streaming) and table.

A workbook is a ZIP: what it unpacks to is bounded before anything is unpacked.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from partnerportal.records.imports.refusal import MAX_COLUMNS, MAX_UNPACKED, MEGABYTE, Refusal
from partnerportal.records.imports.table import Line, clean

_STRINGS = "xl/sharedStrings.xml"
_MAX_STRINGS = 120 * MEGABYTE  # openpyxl holds the shared strings in memory
_DAMAGED = "This workbook is damaged. Open it in a spreadsheet and save it again as XLSX or CSV."


class Sheet:
    """Raises Refusal when the bytes are no workbook, or one that unpacks to too much."""

    def __init__(self, data: bytes) -> None:
        _bounded(data)
        self._data = data
        self._name = self._first_filled()

    @property
    def words(self) -> str:
        return f"XLSX, sheet “{self._name}”"

    def lines(self) -> Iterator[Line]:
        book = _opened(self._data)
        try:
            yield from _lines(book[self._name])
        finally:
            book.close()

    def _first_filled(self) -> str:
        book = _opened(self._data)
        try:
            for sheet in book.worksheets:
                if sheet.sheet_state == "visible" and any(any(cells) for _, cells in _lines(sheet)):
                    return str(sheet.title)
        finally:
            book.close()
        raise Refusal("This workbook is empty. Choose the file with the rows in it.")


def _bounded(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            sizes = {info.filename: info.file_size for info in archive.infolist()}
    except zipfile.BadZipFile as error:
        raise Refusal(_DAMAGED) from error
    if "xl/workbook.xml" not in sizes:
        raise Refusal("This is a ZIP archive, not a table. Unpack it and choose the CSV or XLSX inside.")
    if sum(sizes.values()) > MAX_UNPACKED or sizes.get(_STRINGS, 0) > _MAX_STRINGS:
        raise Refusal("This workbook unpacks to more than the portal reads. Save it as CSV, or split it.")


def _opened(data: bytes) -> Any:
    try:
        return openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, SyntaxError, OSError) as error:
        raise Refusal(_DAMAGED) from error


def _lines(sheet: Any) -> Iterator[Line]:
    sheet.reset_dimensions()  # what a workbook says of its own size is often wrong
    try:
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            yield number, [_text(cell) for cell in cells[:MAX_COLUMNS]]
    except (zipfile.BadZipFile, KeyError, ValueError, SyntaxError, OSError) as error:
        raise Refusal(_DAMAGED) from error


def _text(value: Any) -> str:
    """A cell as a person would type it: dates in ISO form, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return clean(str(value))
