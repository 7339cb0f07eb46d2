"""The refusal of what the rules of the money forbid, in the user's words. Imports models."""

from __future__ import annotations

from partnerportal.records.models import Mirror


class NotAllowed(Exception):
    """A rule of the contract's section 5 would be broken. `field` names where; the text is for the user."""

    def __init__(self, sentence: str, field_name: str = "") -> None:
        super().__init__(sentence)
        self.field = field_name


def refuse_invalid(row: Mirror) -> None:
    """Money that could not be sent is not taken in: what is owed here would never be owed there.

    Raises NotAllowed.
    """
    for problem in row.problems():
        raise NotAllowed(problem.sentence, problem.attribute)
