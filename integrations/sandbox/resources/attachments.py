"""Attachments: files of an enterprise, by their description. Source: contract, section 4."""

from integrations.sandbox.resources.description import ENTERPRISE, Attribute, Extra, Resource, several

RESOURCE = Resource(
    name="attachments",
    singular="attachment",
    first_id=9_000_001,
    attributes=(
        Attribute("enterprise_id", "integer", fixed=True),
        *several(
            "text", "category", "output_source", "mime_type", "checksum", "version", "display_name", "path"
        ),
        Attribute("size", "bytes", default=0),
    ),
    parents=(ENTERPRISE,),
    extras=(Extra("download", "GET", on_one=True),),
)
