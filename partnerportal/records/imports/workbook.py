"""Reads a workbook in a process of its own: its first filled sheet as lines of JSON. Imports openpyxl only.

75 KB of styles can cost 773 MB of memory (measured). So a workbook is read where the operating system bounds
memory and time, and where nothing else is lost. Run as a script: the workbook comes on standard input, never
from a disk. The first line is the sheet's title, each other one `[number, [cell, …]]`, the last `null`. A
workbook that can't be read gives `{"refused": "damaged" | "empty"}`; without `null` it was too much.
"""

from __future__ import annotations

import io
import json
import resource
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

_BROKEN = (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError, SyntaxError, OSError)
_MEGABYTE = 1024 * 1024
XML_ERROR_NO_MEMORY = 1  # of expat


def main(megabytes: int, seconds: int, columns: int) -> None:
    """Address space in MB, processor time in seconds, and how many cells of a row are given."""
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * _MEGABYTE, megabytes * _MEGABYTE))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    try:
        for line in _lines(sys.stdin.buffer.read(), columns):
            print(json.dumps(line))
    except _BROKEN as error:
        if getattr(error, "code", None) != XML_ERROR_NO_MEMORY:
            print(json.dumps({"refused": "damaged"}))


def _lines(data: bytes, columns: int) -> Iterator[Any]:
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible" and any(any(cells) for _, cells in _rows(sheet, columns)):
            yield str(sheet.title)
            yield from _rows(sheet, columns)
            yield None
            return
    yield {"refused": "empty"}


def _rows(sheet: Any, columns: int) -> Iterator[tuple[int, list[str]]]:
    sheet.reset_dimensions()  # what a workbook says of its own size is often wrong
    for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        yield number, [_text(cell) for cell in cells[:columns]]


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
    return str(value)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
