"""One closed table says what happened; none that may have been done is sent again."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.inboxhealth.operations import OPERATIONS, Operation
from integrations.inboxhealth.outcome import NEVER_WRITTEN, Failure, Outcome, classify

CREATE, READ, LIST = (OPERATIONS[f"patients.{name}"] for name in ("create", "get", "list"))
SAFE_TO_SEND_AGAIN = {307, 308, 425, 429}


@given(
    operation=st.sampled_from(sorted(OPERATIONS.values(), key=lambda row: row.name)),
    status=st.none() | st.integers(0, 999),
    failure=st.none() | st.sampled_from(Failure),
)
def test_every_answer_has_an_outcome_and_a_stable_reason(
    operation: Operation, status: int | None, failure: Failure | None
) -> None:
    outcome, reason = classify(operation, status, failure)
    assert isinstance(outcome, Outcome)
    assert re.fullmatch(r"[a-z0-9_]+", reason)
    assert operation.writes or outcome is not Outcome.UNKNOWN


@given(status=st.none() | st.integers(100, 999), failure=st.none() | st.sampled_from(Failure))
def test_a_write_counts_as_not_processed_only_where_that_is_certain(
    status: int | None, failure: Failure | None
) -> None:
    outcome, _ = classify(CREATE, status, failure)
    certain = status in SAFE_TO_SEND_AGAIN or ((status is None or status < 300) and failure in NEVER_WRITTEN)
    assert (outcome is Outcome.NOT_PROCESSED) == certain


@given(status=st.integers(200, 299), failure=st.sampled_from(sorted(set(Failure) - NEVER_WRITTEN)))
def test_a_success_that_can_not_be_read_is_unknown_for_a_write(status: int, failure: Failure) -> None:
    assert classify(CREATE, status, failure) == (Outcome.UNKNOWN, failure.value)
    assert classify(READ, status, failure) == (Outcome.NOT_PROCESSED, failure.value)


@pytest.mark.parametrize("status", [500, 501, 502, 503, 504, 520, 599])
def test_a_server_error_leaves_a_write_unknown(status: int) -> None:
    assert classify(CREATE, status) == (Outcome.UNKNOWN, f"http_{status}")
    assert classify(READ, status) == (Outcome.NOT_PROCESSED, f"http_{status}")


@pytest.mark.parametrize(
    ("status", "outcome", "reason"),
    [
        (400, Outcome.REJECTED, "validation"),
        (401, Outcome.UNAUTHORISED, "key_refused"),
        (403, Outcome.REJECTED, "forbidden"),
        (404, Outcome.REJECTED, "not_found"),
        (409, Outcome.REJECTED, "conflict"),
        (413, Outcome.REJECTED, "http_413"),
        (422, Outcome.REJECTED, "validation"),
        (429, Outcome.NOT_PROCESSED, "rate_limited"),
    ],
)
def test_a_refusal_of_a_create(status: int, outcome: Outcome, reason: str) -> None:
    assert classify(CREATE, status) == (outcome, reason)


def test_only_what_has_an_id_can_be_gone() -> None:
    for name in ("patients.get", "patients.update", "practices.delete", "enterprises.patients"):
        assert classify(OPERATIONS[name], 404) == (Outcome.GONE, "not_found")
    assert classify(LIST, 404) == (Outcome.REJECTED, "not_found")
    assert classify(READ, 410) == (Outcome.GONE, "not_found")


def test_the_words_are_snake_case_and_fixed() -> None:
    assert [outcome.value for outcome in Outcome] == [
        "accepted",
        "rejected",
        "not_processed",
        "unknown",
        "unauthorised",
        "gone",
    ]
