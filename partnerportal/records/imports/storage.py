"""An import's file: encrypted pieces in the database, gone after IMPORT_KEEP_DAYS. Imports models."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from partnerportal.records.models import Import, ImportPiece

PIECE = 512 * 1024


class FileGone(Exception):
    """The file's time is over: choose it again."""


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def store(file_import: Import, data: bytes) -> None:
    ImportPiece.objects.bulk_create(
        [
            ImportPiece(
                file_import=file_import,
                number=number,
                content=data[start : start + PIECE],
            )
            for number, start in enumerate(range(0, len(data), PIECE))
        ],
        batch_size=8,
    )


def load(file_import: Import) -> bytes:
    """The file as it was uploaded. Raises FileGone, also where a piece is missing."""
    pieces = file_import.pieces.order_by("number").values_list("content", flat=True)
    data = b"".join(pieces.iterator(chunk_size=8))
    if digest(data) != file_import.digest:
        raise FileGone("The file is not kept any more. Choose it again.")
    return data


def drop(file_import: Import) -> None:
    """The file and the rows read from it; counts, and what was imported, stay."""
    with transaction.atomic():
        file_import.pieces.all().delete()
        file_import.rows.all().delete()
        file_import.file_gone_at = timezone.now()
        file_import.save(update_fields=["file_gone_at"])


def expire() -> int:
    """Drop what is older than IMPORT_KEEP_DAYS and not being worked on; how many were dropped."""
    before = timezone.now() - timedelta(days=settings.IMPORT_KEEP_DAYS)
    old = Import.objects.filter(created_at__lt=before, file_gone_at=None).exclude(state__in=Import.OPEN)
    for file_import in old:
        drop(file_import)
    return len(old)
