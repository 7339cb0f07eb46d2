"""One patient's money is changed by one transaction at a time: its lock, and the refusal. Imports models."""

from __future__ import annotations

from partnerportal.records.models import Mirror, Patient


class NotAllowed(Exception):
    """A rule of the contract's section 5 would be broken. `field` names where; the text is for the user."""

    def __init__(self, sentence: str, field_name: str = "") -> None:
        super().__init__(sentence)
        self.field = field_name


def hold(patient_id: int) -> Patient:
    """Lock the account in the current transaction: before its records, as the outbox does."""
    rows = Patient.objects.select_for_update(of=("self",), no_key=True)
    held: Patient = rows.only("pk", "enterprise_id").get(pk=patient_id)
    return held


def refuse_invalid(row: Mirror) -> None:
    """Money that could not be sent is not taken in: what is owed here would never be owed there.

    Raises NotAllowed.
    """
    for problem in row.problems():
        raise NotAllowed(problem.sentence, problem.attribute)
