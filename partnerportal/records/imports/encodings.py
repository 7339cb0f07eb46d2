"""Which characters a file's bytes are. Imports codecs only.

UTF-8 and UTF-16 are recognised by proof (a mark, or bytes that are nothing else); what is neither was
written by a Western spreadsheet: Windows-1252, else Latin-1, which reads any byte.
"""

from __future__ import annotations

import codecs

from partnerportal.records.imports.refusal import MEGABYTE

LABELS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1252": "Windows-1252",
    "latin-1": "Latin-1",
}
_SAMPLE = 4096


def encoding_of(data: bytes) -> str:
    """The codec's name, one of LABELS."""
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    by_zeros = _utf16_by_zeros(data[:_SAMPLE])
    if by_zeros:
        return by_zeros
    return next((codec for codec in ("utf-8", "cp1252") if _reads(data, codec)), "latin-1")


def _utf16_by_zeros(sample: bytes) -> str:
    """Western text in UTF-16 has a zero in every second byte; which one tells the order."""
    if len(sample) < 8:
        return ""
    even, odd = sample[0::2].count(0) / (len(sample) / 2), sample[1::2].count(0) / (len(sample) / 2)
    if odd > 0.6 and even < 0.2:
        return "utf-16-le"
    return "utf-16-be" if even > 0.6 and odd < 0.2 else ""


def _reads(data: bytes, codec: str) -> bool:
    """Decoded in pieces, so that a large file is never held twice."""
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        for start in range(0, len(data), MEGABYTE):
            decoder.decode(data[start : start + MEGABYTE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
