"""Uploads are taken in memory and never laid on a disk in the clear. Imports the limits of imports.

Django's own handlers spool larger files into a temporary folder. This is the only one in the settings;
it takes a file only from someone signed in and only on the import page, and stops at the limit.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.urls import reverse

from partnerportal.records.imports.refusal import MAX_BYTES


class InMemory(FileUploadHandler):
    """Sets `request.upload_size` beyond the limit, so that the page can say how much too large it is."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        request = self.request
        if request is None or request.path != reverse("import") or not request.user.is_authenticated:
            raise SkipFile
        if (self.content_length or 0) > MAX_BYTES * 4:
            raise SkipFile
        self._taken = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start + len(raw_data) > MAX_BYTES:
            self._taken = BytesIO()
            raise SkipFile
        self._taken.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self._taken.seek(0)
        return InMemoryUploadedFile(
            self._taken, self.field_name, self.file_name, self.content_type, file_size, self.charset
        )
