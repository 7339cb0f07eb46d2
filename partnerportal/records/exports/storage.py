"""An export's file: encrypted pieces in the database, gone after EXPORT_KEEP_DAYS. Imports models."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from partnerportal.records.models import Export, ExportPiece

PIECE = 512 * 1024


class PieceWriter:
    """Takes bytes and stores them piece by piece; `close` stores the rest."""

    def __init__(self, export: Export) -> None:
        self._export, self._buffer, self._number, self.size = export, bytearray(), 0, 0

    def write(self, data: bytes, /) -> int:
        self._buffer += data
        while len(self._buffer) >= PIECE:
            self._store(bytes(self._buffer[:PIECE]))
            del self._buffer[:PIECE]
        return len(data)

    def close(self) -> None:
        if self._buffer:
            self._store(bytes(self._buffer))
            self._buffer.clear()

    def _store(self, data: bytes) -> None:
        ExportPiece.objects.create(export=self._export, number=self._number, content=data)
        self._number += 1
        self.size += len(data)


def content(export: Export) -> Iterator[bytes]:
    """The file, a piece at a time."""
    pieces = export.pieces.order_by("number").values_list("content", flat=True)
    yield from map(bytes, pieces.iterator(chunk_size=4))


def keep_days() -> int:
    return int(settings.EXPORT_KEEP_DAYS)


def expire() -> int:
    """Drop the files whose time is over; how many were dropped. Their rows stay."""
    now = timezone.now()
    old = Export.objects.filter(
        gone_at=None, written_at__isnull=False, created_at__lt=now - timedelta(days=keep_days())
    )
    return sum(drop(export) for export in old)


def drop(export: Export) -> bool:
    """The file, and what it was asked for; that it was stays."""
    with transaction.atomic():
        held = Export.objects.select_for_update(of=("self",)).get(pk=export.pk)
        if held.gone_at is not None:
            return False
        held.pieces.all().delete()
        held.gone_at, held.asked = timezone.now(), {}
        held.save(update_fields=["gone_at", "asked"])
    return True
