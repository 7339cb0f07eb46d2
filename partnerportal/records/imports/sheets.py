"""XLSX: the first sheet that holds something, as lines. Imports table and refusal; `workbook` reads.

A workbook is a ZIP: what each of its parts unpacks to is bounded before anything is unpacked, and the reading
happens in a child process with bounded memory and processor time.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from partnerportal.records.imports.refusal import MAX_COLUMNS, MAX_UNPACKED, MEGABYTE, Refusal
from partnerportal.records.imports.table import Line, clean

# What a part of a workbook may unpack to, by the start of its name, in bytes. Styles, themes and the like
# come under the last: real ones have less than a megabyte.
_LIMITS = {
    "xl/worksheets/": MAX_UNPACKED,
    "xl/media/": MAX_UNPACKED,  # pictures are not read
    "xl/sharedStrings.xml": 120 * MEGABYTE,  # these stay in memory
    "": 8 * MEGABYTE,
}
_MAX_PARTS = 2_000
_CHILD_MEGABYTES = 1_024  # of address space: a workbook at all limits needs about 700
_CHILD_SECONDS = 300  # of processor time
_READER = Path(__file__).with_name("workbook.py")
_DAMAGED = "This workbook is damaged. Open it in a spreadsheet and save it again as XLSX or CSV."
_TOO_MUCH = "This workbook unpacks to more than the portal reads. Save it as CSV, or split it."
_REFUSED = {
    "damaged": _DAMAGED,
    "empty": "This workbook is empty. Choose the file with the rows in it.",
}


class Sheet:
    """Raises Refusal when the bytes are no workbook, or one that unpacks to too much."""

    def __init__(self, data: bytes) -> None:
        _bounded(data)
        self._data = data
        with closing(_read(data)) as read:
            self._title = next(read)

    @property
    def words(self) -> str:
        return f"XLSX, sheet “{self._title}”"

    def lines(self) -> Iterator[Line]:
        """A fresh reading. Raises Refusal, also in the middle."""
        with closing(_read(self._data)) as read:
            next(read)
            for number, cells in read:
                yield number, [clean(cell) for cell in cells]


def _bounded(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile as error:
        raise Refusal(_DAMAGED) from error
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise Refusal("This is a ZIP archive, not a table. Unpack it and choose the CSV or XLSX inside.")
    too_much = any(part.file_size > _limit(part.filename) for part in parts)
    if too_much or len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise Refusal(_TOO_MUCH)


def _limit(name: str) -> int:
    return next(limit for start, limit in _LIMITS.items() if name.startswith(start))


def _read(data: bytes) -> Generator[Any]:
    """What the child says: the sheet's title, then its lines. Raises Refusal."""
    with _child(data) as output:
        for text in output:
            said = json.loads(text)
            if said is None:
                return
            if isinstance(said, dict):
                raise Refusal(_REFUSED[said["refused"]])
            yield said
    raise Refusal(_TOO_MUCH)  # it ended before its end: out of memory or time


@contextmanager
def _child(data: bytes) -> Iterator[Any]:
    """The lines of a reader, which ends with the block."""
    limits = (_CHILD_MEGABYTES, _CHILD_SECONDS, MAX_COLUMNS)
    command = [sys.executable, "-I", str(_READER), *map(str, limits)]
    pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=nowhere, env={}) as child:
        try:
            if child.stdin:
                with suppress(BrokenPipeError):
                    child.stdin.write(data)
                    child.stdin.close()
            yield child.stdout
        finally:
            child.kill()
