"""SFTP uploads: files left for import, and the batches made of them. Source: contract, section 4."""

from integrations.sandbox.resources.description import (
    ENTERPRISE,
    ENTERPRISE_ID,
    Attribute,
    Extra,
    Resource,
    required,
    several,
)

RESOURCE = Resource(
    name="sftp_uploads",
    singular="sftp_upload",
    first_id=121_001,
    actions=("list",),
    attributes=(ENTERPRISE_ID, required("filename"), Attribute("size", "bytes", default=0)),
    parents=(ENTERPRISE,),
    extras=(Extra("create_import_batch", "POST"),),
    events=False,
)

BATCH = Resource(
    name="import_batches",
    singular="import_batch",
    first_id=131_001,
    actions=(),
    attributes=(
        required("filename"),
        ENTERPRISE_ID,
        *several("boolean", "start", "delete_file", default=False),
    ),
    parents=(ENTERPRISE,),
    events=False,
)
"""What `create_import_batch` makes; there is no way to ask for it again."""
