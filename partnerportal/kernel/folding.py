"""Text without accents and case, as searches compare it: "gomez" finds "Gómez". Imports Django only.

`portal_fold` is an SQL function of ours (migration records.0016): PostgreSQL's `unaccent` depends on a
dictionary that could be changed, so it may not stand in an index; ours names the dictionary.
"""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db.models import CharField, Func, Index, TextField, Transform, Value


class Fold(Transform):
    """Of a column: `Fold("last_name")`, in a lookup `last_name__folded__contains`."""

    function = "portal_fold"
    lookup_name = "folded"
    output_field = TextField()


def folded(text: str) -> Func:
    """What was typed, in the same form, to compare a folded column with."""
    return Fold(Value(text, output_field=TextField()))


def contains_index(column: str, name: str) -> Index:
    """Finds parts of a folded column."""
    return GinIndex(OpClass(Fold(column), "gin_trgm_ops"), name=name)


def begins_index(column: str, name: str) -> Index:
    """Finds beginnings of a folded column."""
    return Index(OpClass(Fold(column), "text_pattern_ops"), name=name)


CharField.register_lookup(Fold)
