"""Pulls, exports, jobs, records and Try It: none of their failures is without an entry, each links to it.

The words come from the code's own sets and calls.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from integrations.inboxhealth.operations import OPERATIONS
from integrations.inboxhealth.outcome import Failure, Outcome, classify
from partnerportal.accounts.models import ApiKey, Staff
from partnerportal.console import catalogue, difference_rows, exports, reference_words, words
from partnerportal.delivery import brakes
from partnerportal.delivery.models import Brake
from partnerportal.explorer import entering
from partnerportal.explorer.allowed import Refusal
from partnerportal.explorer.models import Trial
from partnerportal.jobs.models import Job
from partnerportal.kernel.clock import db_now
from partnerportal.records.exports import services
from partnerportal.records.models import Endpoint, Enterprise, Export, Import, Patient
from partnerportal.records.state import SyncState
from partnerportal.sync.models import Pull, PullPart
from partnerportal.sync.pages import Fault
from tests.cast import make_key
from tests.console.cast import signed_in
from tests.console.help.said_in_code import PORTAL, arguments, trees
from tests.console.help.test_failures_lead_to_their_entry import entry


def without(domain: str, said: Any) -> list[str]:
    return [word for word in sorted(set(said)) if word and catalogue.known(domain, word) is None]


def test_each_reason_why_a_list_was_not_read_has_an_entry() -> None:
    reads = [operation for operation in OPERATIONS.values() if not operation.writes]
    answers = {reason for op in reads for status in range(100, 600) for _, reason in [classify(op, status)]}
    silence = {classify(op, failure=failure)[1] for op in reads for failure in Failure}
    halts = arguments("fail", 1, "sync/pulling.py")
    assert halts == {"key_refused", "other_environment"}
    assert without("pull", [*Fault, *(answers - {"accepted"}), *silence, *halts]) == []
    assert [fault for fault in Fault if fault and fault not in difference_rows.REASONS] == []


def test_each_kind_of_work_that_can_fail_is_one_of_those_with_entries() -> None:
    failing = [
        str(path.relative_to(PORTAL))
        for path, _ in trees("records", "sync", "delivery", "jobs", "webhooks")
        if "Job.State.FAILED" in path.read_text()
    ]
    # A file's refusal, an export's problem, a pull's reason: each is asked for in this folder's tests.
    assert failing == ["records/exports/services.py", "records/imports/checking.py", "sync/pulling.py"]
    assert without("export", [*services.PROBLEMS, "gone", "out_of_sight"]) == []


def test_each_state_of_a_record_in_which_something_is_wrong_has_an_entry_or_a_delivery_that_does() -> None:
    by_delivery = {SyncState.FAILED, SyncState.UNDECIDED, SyncState.CHECKING}
    wrong = {state for state in SyncState if words.STATES[state].colour in ("red", "orange")}
    assert without("record", wrong - by_delivery) == []


def test_whatever_try_it_can_say_has_an_entry() -> None:
    refused = {*Refusal, *arguments("NotSent", 0, "explorer"), *reference_words.NOT_SENT}
    assert {"no_key", "not_valid", "stopped", "environment", "busy"} <= refused
    outcomes = set(Outcome) - {Outcome.ACCEPTED}
    assert without("try", [*refused, *reference_words.AGAINST, *outcomes, "no_answer"]) == []
    fine = {entering.MADE, entering.TAKEN, entering.GONE, entering.NO_MIRROR, entering.APART}
    assert set(reference_words.MIRRORED) - fine == set(reference_words.STAYS_OPEN)
    assert without("try", reference_words.STAYS_OPEN) == []


def read(staff: Staff, address: str) -> str:
    answer = signed_in(staff).get(address)
    assert answer.status_code in (200, 302), address
    return answer.content.decode()


@pytest.fixture
def pull(operator: Staff, north: Enterprise) -> Pull:
    """One list was refused, of another a page came out of order; then the key was refused."""
    job = Job.objects.create(
        kind=Job.Kind.PULL, state=Job.State.FAILED, label="Read everything", actor="user:olivia",
        total=2, report={"reason": "key_refused", "not_read": 3},
    )  # fmt: skip
    Enterprise.objects.filter(pk=north.pk).update(remote_id=10)
    found = Pull.objects.create(job=job, key=make_key(), full=True)
    for place, (noun, reason) in enumerate([("patient", "forbidden"), ("doctor", "order")]):
        PullPart.objects.create(
            pull=found, enterprise=north, noun=noun, place=place, state=PullPart.State.NOT_READ,
            unread=[{"page": 2, "reason": reason}],
        )  # fmt: skip
    return found


def test_a_pull_and_each_of_its_lists(operator: Staff, pull: Pull) -> None:
    text = read(operator, reverse("pull", args=[pull.pk]))
    for slug in ("key-refused", "list-not-read", "list-refused", "list-not-proven"):
        assert entry(slug) in text, slug
    listed = read(operator, reverse("differences") + "?tab=not-read")
    assert entry("list-refused") in listed and entry("list-not-proven") in listed


def test_an_export_that_failed_and_one_that_is_gone(operator: Staff) -> None:
    for number, (state, report, slug) in enumerate(
        [
            (Job.State.FAILED, {"problem": services.TOO_MANY_ROWS}, "export-not-written"),
            (Job.State.DONE, {}, "export-gone"),
        ]
    ):
        job = Job.objects.create(
            kind="export", state=state, label="Export patients", report=report, staff_id=operator.pk
        )
        gone = db_now() if number else None
        export = Export.objects.create(job=job, noun="patient", shape="rows", form="xlsx", gone_at=gone)
        assert exports._about(export)
        assert entry(slug) in read(operator, reverse("export", args=[export.pk]))
        assert entry(slug) in read(operator, reverse("exports"))


def test_a_file_that_was_refused_in_the_list_of_files(operator: Staff) -> None:
    job = Job.objects.create(kind="import", state=Job.State.FAILED, label="Import", staff_id=operator.pk)
    Import.objects.create(
        job=job, kind="patients", filename="a.zip", state="refused", refusal="This is a ZIP archive."
    )
    assert entry("file-archive") in read(operator, reverse("files"))


@pytest.mark.parametrize(
    ("cause", "slug"), [("", "sending-stopped"), (brakes.OTHER_ENVIRONMENT, "other-environment")]
)
def test_a_stop_on_every_page_and_on_its_own(operator: Staff, cause: str, slug: str) -> None:
    Brake.objects.create(scope=Brake.Scope.ALL, reason="asked to", actor="user:ada", cause=cause)
    assert entry(slug) in read(operator, reverse("deliveries"))
    assert read(operator, reverse("brakes")).count(entry(slug)) == 2


def test_a_key_that_was_refused(administrator: Staff) -> None:
    key = make_key()
    ApiKey.objects.filter(pk=key.pk).update(state=ApiKey.State.REFUSED, refused_at=db_now())
    assert entry("key-refused") in read(administrator, reverse("keys"))


def test_an_endpoint_that_can_not_be_checked(administrator: Staff) -> None:
    endpoint = Endpoint.objects.create(
        registered_webhooks=["patient_updated"], remote_id=6, check_result="cannot"
    )
    assert entry("endpoint-not-as-here") in read(administrator, reverse("endpoints"))
    assert entry("endpoint-not-as-here") in read(administrator, reverse("endpoint", args=[endpoint.pk]))


def test_a_record_without_a_delivery(operator: Staff, ed: Patient) -> None:
    Patient.objects.filter(pk=ed.pk).update(sync_state=SyncState.MISSING_THERE, remote_id=5)
    page = read(operator, reverse("admin:records_patient_change", args=[ed.pk]))
    assert entry("not-there") in page


def test_try_it_refused_not_valid_and_without_an_answer(operator: Staff) -> None:
    create = reverse("reference_operation", args=["enterprises.create"])
    assert entry("try-not-allowed") in read(operator, create)
    operator.user_permissions.add(Permission.objects.get(codename="try_it_writes"))
    assert entry("try-no-key") in read(operator, create)
    make_key()
    broken = signed_in(operator).post(
        reverse("reference_try", args=["enterprises.create"]), {"body": '{"enterprise": {}}'}
    )
    refused = signed_in(operator).get(broken["Location"])
    assert refused.status_code == 422 and entry("try-not-valid") in refused.content.decode()
    trials = [
        Trial.objects.create(
            token=f"00000000-0000-4000-8000-00000000000{number}", staff=operator,
            operation="enterprises.create", problem=problem,
        )
        for number, problem in enumerate(["", "busy"])
    ]  # fmt: skip
    for trial, slug in zip(trials, ("try-unknown", "try-budget"), strict=True):
        text = read(operator, reverse("reference_tried", args=[trial.pk]))
        assert entry(slug) in text
        assert ("It may have been done" in text) == (slug == "try-unknown")
