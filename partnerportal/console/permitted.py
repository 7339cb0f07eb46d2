"""Whether a person may do something to records of a noun: Django's permission on its model. Pure."""

from __future__ import annotations

from typing import Any


def permission(verb: str, noun: str) -> str:
    """`permission("change", "line_item")` is "records.change_lineitem": as Django names a model."""
    return f"records.{verb}_{noun.replace('_', '')}"


def permitted(user: Any, verb: str, noun: str) -> bool:
    """`verb`: view, add, change or delete."""
    return bool(user.has_perm(permission(verb, noun)))
