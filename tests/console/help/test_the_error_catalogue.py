"""No failure is without an entry: the words are collected from the code's own tables and calls."""

from __future__ import annotations

import pytest
from django.urls import reverse

from integrations.inboxhealth.operations import OPERATIONS
from integrations.inboxhealth.outcome import Failure, Outcome, classify
from partnerportal.accounts.key_test import Verdict
from partnerportal.accounts.models import ApiKey, Staff
from partnerportal.audit.checkpoint import Problem
from partnerportal.console import catalogue, catalogue_links, event_words
from partnerportal.delivery import brakes, needs, storms
from partnerportal.delivery.models import Brake
from partnerportal.delivery.sentences import BLOCKED, REASONS, UNDECIDED
from partnerportal.records.models import Endpoint
from partnerportal.webhooks.models import Event
from tests.console.cast import signed_in
from tests.console.help.said_in_code import arguments, assigned_reasons, calls, keywords, texts_under

# Where a call says which word or sentence it refuses with: name of the call → place of that argument.
SENTENCES = {
    "BadCell": 0, "Refusal": 0, "ColumnsMissing": 0, "FileGone": 0,
    "as_problem": 2, "problem": 3, "_problem": 2, "Problem": 1,
}  # fmt: skip
OF_FILES = ("Refusal", "ColumnsMissing", "FileGone")
HALF = ("row", "X covered and X of insurance")  # the beginning of a longer one, which is collected too


def refused_with() -> set[tuple[str, str]]:
    """(domain, sentence) of every refusal of a file or a row that the code can say."""
    found: set[tuple[str, str]] = set()
    for tree, call, name in calls("records/imports", "records/rules.py", "records/money_rules.py", "console"):
        place = SENTENCES.get(name)
        if place is not None and len(call.args) > place:
            domain = "file" if name in OF_FILES else "row"
            found |= {(domain, said) for said in texts_under(tree, call.args[place])}
    return found


def test_each_outcome_of_a_call_has_an_entry() -> None:
    statuses = [*range(100, 600), 0, 999]
    reasons = {reason for op in OPERATIONS.values() for s in statuses for _, reason in [classify(op, s)]}
    reasons |= {
        reason
        for op in OPERATIONS.values()
        for failure in Failure
        for outcome, reason in [classify(op, failure=failure), classify(op, 200, failure)]
        if outcome is not Outcome.ACCEPTED
    }
    assert [reason for reason in sorted(reasons) if catalogue.known("delivery", reason) is None] == []


def test_each_reason_of_a_delivery_has_an_entry() -> None:
    said = assigned_reasons("delivery", "sync")
    assert {"internal_error", "landed_twice", "not_confirmed", "lease_too_short", "batch_cancelled"} <= said
    domains = ("delivery", "blocked", "undecided")
    without = [
        reason
        for reason in sorted(said | set(REASONS))
        if reason not in ("", "looked_X")  # the verdicts, asked below
        and not any(catalogue.known(d, reason.removeprefix("looked_")) for d in domains)
        and catalogue.known("delivery", reason) is None
        and not reason.startswith("undecided:")
    ]
    assert without == []


def test_whatever_blocks_a_delivery_has_an_entry() -> None:
    assert [reason for reason in BLOCKED if catalogue.known("blocked", reason) is None] == []


def test_whatever_is_undecided_has_an_entry() -> None:
    verdicts = [*UNDECIDED, *(f"looked_{word}" for word in ("several", "similar", "unproven"))]
    assert [v for v in verdicts if catalogue.known("undecided", v.removeprefix("looked_")) is None] == []


def test_each_kind_on_needs_you_has_an_entry() -> None:
    causes = {needs.FAILED: "validation:zip", needs.TWICE: "landed_twice", needs.BLOCKED: "parent"}
    slugs = {kind: catalogue.of_cause(kind, causes.get(kind, "")).slug for kind in needs.KINDS}
    assert slugs == {
        "failed": "refused-field",
        "undecided": "undecided",
        "alike": "looks-alike",
        "not_valid": "not-valid",
        "blocked": "waits-for-its-parent",
        "twice": "landed-twice",
    }


def test_each_way_an_event_can_end_has_an_entry() -> None:
    handlers = arguments("Result", 1, "webhooks")
    said = handlers | assigned_reasons("webhooks/process.py", "webhooks/services.py")
    assert {"no_object", "no_id", "livemode", "our_create", "noted"} <= said
    assert [reason for reason in sorted(said) if catalogue.known("event", reason) is None] == []
    passed = {Event.State.WAITING, Event.State.APPLIED, Event.State.UNCHANGED, Event.State.FAILED}
    states = [state for state in Event.State.values if state not in passed]
    assert [state for state in states if catalogue.known("event", state) is None] == []


def test_an_event_that_failed_for_a_fault_of_ours_has_the_common_entry() -> None:
    event = Event(pk=1, state=Event.State.FAILED, reason="OperationalError")
    assert catalogue_links.of_event(event).endswith("/event-failed/")


def test_each_way_a_database_can_be_behind_has_an_entry() -> None:
    assert [word for word in Problem if catalogue.known("checkpoint", word) is None] == []


def test_whatever_is_wrong_with_an_endpoint_has_an_entry() -> None:
    fine = {"", Endpoint.Check.SAME}
    words = [*event_words.SUSPECT, *(word for word in event_words.CHECKS if word not in fine)]
    words += ["failed", "undecided", "blocked"]  # of its delivery
    assert [word for word in words if catalogue.known("endpoint", word) is None] == []


def test_each_state_of_a_key_and_of_its_test_has_an_entry() -> None:
    words = [*ApiKey.State.values, *(str(verdict) for verdict in Verdict)]
    assert [word for word in words if catalogue.known("key", word) is None] == []


def test_each_brake_and_each_pause_of_a_batch_has_an_entry() -> None:
    paused = keywords("why", "delivery/pausing.py")
    assert {"cause", "first"} <= paused
    words = [*Brake.Scope.values, storms.STORM, brakes.OTHER_ENVIRONMENT, *paused]
    assert [word for word in words if catalogue.known("brake", word) is None] == []


def test_each_refusal_of_a_file_and_each_problem_of_a_row_has_an_entry_of_its_own() -> None:
    said = refused_with()
    assert len(said) > 60
    assert ("row", "is no date") in said and ("file", "This file has headings and no rows.") in said
    rest = {HALF, ("file", "X"), ("row", "X"), ("row", ""), ("file", "")}
    assert sorted(pair for pair in said - rest if catalogue.signed(*pair) is None) == []


def test_a_sentence_that_nobody_foresaw_gets_the_common_entry() -> None:
    assert catalogue.of_sentence("row", "is a teapot").slug == "row-not-valid"
    assert catalogue.of("delivery", "http_418").slug == "refused-for-another-reason"
    assert all(slug in catalogue.BY_SLUG for slug in catalogue.REST.values())


def test_no_two_entries_explain_the_same_word() -> None:
    words = [word for entry in catalogue.ENTRIES for word in entry.words]
    assert len(words) == len(set(words))
    assert len(catalogue.BY_SLUG) == len(catalogue.ENTRIES)


def test_each_entry_has_a_page_that_says_what_why_and_what_to_do(auditor: Staff) -> None:
    client = signed_in(auditor)
    listed = client.get(reverse("guide_errors")).content.decode()
    for entry in catalogue.ENTRIES:
        address = reverse("guide_error", args=[entry.slug])
        assert address in listed
        page = client.get(address).content.decode()
        assert "What happened" in page and "What to do" in page


@pytest.mark.parametrize("cause", ["nothing-like-this", "x"])
def test_an_entry_that_is_none_is_not_found(operator: Staff, cause: str) -> None:
    assert signed_in(operator).get(f"/guide/errors/{cause}/").status_code == 404
