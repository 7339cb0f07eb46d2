"""The likely cause of a difference: one sentence, and what is to be mended first comes first."""

from __future__ import annotations

import pytest

from partnerportal.records.gaps import Facts, likely_cause


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (Facts(patient_there=False, unsent=3), "The patient is not at Inbox Health yet."),
        (Facts(refused=1, unsent=2), "1 thing refused by Inbox Health."),
        (Facts(undecided=1, on_the_way=1), "1 thing sent without an answer, to be decided by a person."),
        (Facts(not_valid=2), "2 things not valid, so not sent."),
        (Facts(on_the_way=4, unsent=1), "4 things on the way still."),
        (Facts(unsent=3), "3 things not sent yet."),
        (Facts(behind=True, unexplained=5), "Read before the last thing arrived there. Compare again."),
    ],
)
def test_what_is_to_be_mended_first_is_said(facts: Facts, said: str) -> None:
    assert likely_cause(facts) == said


def test_what_ours_does_not_explain_is_said_in_dollars() -> None:
    assert likely_cause(Facts(unexplained=-2_000)).startswith("$20.00 less is owed there")
    assert likely_cause(Facts(unexplained=2_000)).startswith("$20.00 more is owed there")
    assert "Something was changed at Inbox Health" in likely_cause(Facts())
