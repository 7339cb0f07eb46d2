"""Keeping what a person said of the names in a file. Imports models and names."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone

from partnerportal.records.imports.money.names import NOBODY, folded
from partnerportal.records.models import Doctor, Enterprise, Payment, Practice, RememberedNames

MOST = 2000  # names kept for an enterprise and noun; beyond it, the newest win
_MODELS: dict[str, type[Doctor | Practice]] = {"doctor": Doctor, "practice": Practice}
Said = Mapping[str, Mapping[str, str]]  # noun → name in the file → what it means, "" to forget it


def remember(enterprise: Enterprise, said: Said, actor: str) -> int:
    """Keep what is said and possible; inside the caller's transaction. How many names were said."""
    count = 0
    for noun, names in said.items():
        row, _ = RememberedNames.objects.get_or_create(
            enterprise=enterprise, noun=noun, defaults={"actor": actor, "at": timezone.now()}
        )
        row = RememberedNames.objects.select_for_update().get(pk=row.pk)
        kept = dict(row.names)
        for name, value in names.items():
            kept.pop(folded(name), None)
            if _possible(enterprise, noun, value):
                kept[folded(name)] = value
                count += 1
        row.names = dict(list(kept.items())[-MOST:])
        row.actor, row.at = actor, timezone.now()
        row.save()
    return count


def _possible(enterprise: Enterprise, noun: str, value: str) -> bool:
    """A record of this enterprise, a way to pay, or (a doctor) nobody."""
    if noun == "method":
        return value in Payment.Method.values
    if value == NOBODY:
        return noun == "doctor"
    if not (value.isascii() and value.isdigit() and len(value) < 19):
        return False
    return _MODELS[noun].objects.filter(enterprise=enterprise, pk=int(value)).exists()
