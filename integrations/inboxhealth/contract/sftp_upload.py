"""SFTP upload: a file that a partner left on the vendor's SFTP server, and the import of it.

Owns its request and record models. May import contract.model only.
"""

from __future__ import annotations

from integrations.inboxhealth.contract.model import Id, Name, Record, Request


class ImportBatchRequest(Request):
    """The whole body that starts an import; it has no root key. Contract 4."""

    filename: Name
    enterprise_id: Id
    start: bool | None = None
    delete_file: bool | None = None


class SftpUploadRecord(Record):
    """An uploaded file as the API lists it."""

    id: int | None = None
    filename: str | None = None
    enterprise_id: int | None = None
