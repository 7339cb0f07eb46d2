"""Why a balance here is not the one at Inbox Health: the likely cause, in one sentence. Pure.

The facts are counted in records/gap_facts.py. The first that applies is said: it is what to mend first.
"""

from __future__ import annotations

from dataclasses import dataclass

from partnerportal.kernel.money import dollars
from partnerportal.kernel.numbers import counted


@dataclass(frozen=True)
class Facts:
    """What is known of one patient's money. Counts are of invoices, lines, payments, what is applied, …

    `behind`: something was accepted after the balance was read there. `unexplained`: cents owed there beyond
    what it accepted from here; None where nobody looked.
    """

    refused: int = 0
    undecided: int = 0
    not_valid: int = 0
    on_the_way: int = 0
    unsent: int = 0
    conflicts: int = 0
    missing: int = 0
    patient_there: bool = True
    behind: bool = False
    unexplained: int | None = None


_THING = ("thing", "things")


def likely_cause(facts: Facts) -> str:
    """One sentence for the panel and the list of balances that differ."""
    if not facts.patient_there:
        return "The patient is not at Inbox Health yet."
    counts = (
        (facts.refused, "refused by Inbox Health"),
        (facts.undecided, "sent without an answer, to be decided by a person"),
        (facts.missing, "missing there: asked for by id and not found"),
        (facts.conflicts, "changed here and there"),
        (facts.not_valid, "not valid, so not sent"),
        (facts.on_the_way, "on the way still"),
        (facts.unsent, "not sent yet"),
    )
    for number, what in counts:
        if number:
            return f"{counted(number, *_THING)} {what}."
    return _without_ours(facts)


def _without_ours(facts: Facts) -> str:
    """All of ours is there: then the reading is old, or somebody changed something there."""
    if facts.behind:
        return "Read before the last thing arrived there. Compare again."
    if facts.unexplained:
        more = "more" if facts.unexplained > 0 else "less"
        return (
            f"{dollars(abs(facts.unexplained))} {more} is owed there than comes of what was sent from here: "
            "something was changed at Inbox Health."
        )
    return "All that is here was sent and accepted. Something was changed at Inbox Health."
