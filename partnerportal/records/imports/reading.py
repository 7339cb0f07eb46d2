"""From bytes to a Table: what kind of file it is, and where its header stands. Imports its siblings only."""

from __future__ import annotations

from itertools import islice

from partnerportal.records.imports.delimited import Delimited, Score
from partnerportal.records.imports.encodings import encoding_of
from partnerportal.records.imports.refusal import MAX_BYTES, MAX_COLUMNS, MEGABYTE, Refusal
from partnerportal.records.imports.sheets import Sheet
from partnerportal.records.imports.table import HEADER_SEARCH, Line, Table

_EXPORT = "Export it as CSV or XLSX."
_KNOWN = (  # how files that are no table begin, and what they are called
    (b"%PDF", "a PDF"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
    (b"7z\xbc\xaf", "a compressed file"),
    (b"Rar!", "a compressed file"),
    (b"{\\rtf", "a text document"),
    (b"MSH|", "an HL7 message"),
)
ZIP = b"PK\x03\x04"
_BINARY = bytes(range(1, 9)) + bytes(range(14, 27)) + bytes(range(28, 32))


def open_table(data: bytes, score: Score) -> Table:
    """The file as a table. `score(cells)` counts known headings. Raises Refusal in the user's words."""
    _refuse_what_is_no_table(data)
    source = Sheet(data) if data.startswith(ZIP) else Delimited(data, score)
    top = list(islice(((line, cells) for line, cells in source.lines() if any(cells)), HEADER_SEARCH))
    if not top:
        raise Refusal("This file is empty. Choose the file with the rows in it.")
    line, headings = _header(top, score)
    return Table(source.words, headings, line, source.lines)


def too_large(size: int) -> Refusal:
    """`size` in bytes. The same sentence wherever the upload is stopped."""
    return Refusal(
        f"This file has {size / MEGABYTE:,.0f} MB, the portal reads {MAX_BYTES // MEGABYTE} MB. "
        "Split it, or export fewer columns."
    )


def _refuse_what_is_no_table(data: bytes) -> None:
    if len(data) > MAX_BYTES:
        raise too_large(len(data))
    if not data.strip(b'\x00\xff\xfe\xef\xbb\xbf \t\r\n,;|"'):
        raise Refusal("This file is empty. Choose the file with the rows in it.")
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    for mark, what in _KNOWN:
        if start.startswith(mark):
            raise Refusal(f"This is {what}. {_EXPORT}")
    if not start.startswith(ZIP):
        _refuse_markup_and_bytes(data, start.lower())


def _refuse_markup_and_bytes(data: bytes, start: bytes) -> None:
    if start.startswith((b"<!doctype html", b"<html", b"<table")):
        raise Refusal(f"This is a web page, whatever its name says. {_EXPORT}")
    if start.startswith((b"<?xml", b"{", b"[")):
        raise Refusal(f"This is XML or JSON, not a table. {_EXPORT}")
    sample = data[:4096]
    strange = len(sample) - len(sample.translate(None, _BINARY))
    if not encoding_of(sample).startswith("utf-16") and strange > len(sample) * 0.05:
        raise Refusal(f"This is no text and no workbook. {_EXPORT}")


def _header(top: list[Line], score: Score) -> tuple[int, list[str]]:
    """The row with most known headings; the first one where none has any (columns are then said by hand)."""
    line, cells = max(top, key=lambda found: (score(found[1]), -found[0]))
    headings = list(cells)
    while headings and not headings[-1]:
        headings.pop()
    if len(headings) > MAX_COLUMNS:
        raise Refusal(f"This file has {len(headings):,} columns; that is no list of records. {_EXPORT}")
    return line, headings
