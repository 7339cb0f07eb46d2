"""The command that hands the audit out: masked unless a person who may asks for the wire."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partnerportal.audit import export as export_module
from partnerportal.audit.export import Export, csv_line
from partnerportal.audit.models import Entry, Exchange
from tests.audit import rows
from tests.owner import as_owner

pytestmark = pytest.mark.django_db
SENT = {"patient": {"first_name": "Édith", "last_name": "Edison", "ssn": "801-31-3292", "enterprise_id": 10}}
PROMISED = {
    "id", "started_at", "finished_at", "actor", "origin", "operation", "record", "attempt", "method", "url",
    "request_headers", "request_body", "response_status", "response_body", "outcome",
    "credential_fingerprint",
}  # fmt: skip


def exported(*arguments: str) -> list[dict[str, Any]]:
    out = io.StringIO()
    call_command("export_audit", *arguments, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


@pytest.fixture
def person() -> Any:
    """Someone who may export in full, and see every enterprise."""
    staff = get_user_model().objects.create(username="olga", all_enterprises=True)
    staff.user_permissions.add(Permission.objects.get(codename="export_full"))
    return staff


def test_each_exchange_is_a_line_with_all_that_was_promised() -> None:
    one = rows.exchange(SENT)
    rows.answer(one, {"patient": {"id": 669}})
    (line,) = exported()
    assert set(line) >= PROMISED
    assert (line["id"], line["record"], line["operation"]) == (
        f"X-{one.pk}",
        "patient:P-12",
        "patients.create",
    )
    assert (line["response_status"], line["outcome"]) == (201, "accepted")
    assert json.loads(line["response_body"]) == {"patient": {"id": 669}}
    taken = datetime.fromisoformat(line["finished_at"]) - datetime.fromisoformat(line["started_at"])
    assert taken == timedelta(milliseconds=212)


def test_masked_is_the_default_and_names_nobody() -> None:
    rows.answer(rows.exchange(SENT), SENT)
    out = io.StringIO()
    call_command("export_audit", stdout=out)
    for value in ("dith", "Edison", "3292"):
        assert value not in out.getvalue()
    assert json.loads(json.loads(out.getvalue())["request_body"])["patient"]["enterprise_id"] == 10


def test_an_open_exchange_has_nulls_where_the_answer_would_be() -> None:
    rows.exchange(SENT)
    (line,) = exported()
    assert line["finished_at"] is line["outcome"] is line["response_status"] is line["response_body"] is None


def test_a_list_that_was_not_kept_whole_says_how_many_and_which() -> None:
    listed = rows.exchange(operation="patients.list", method="GET")
    rows.answer(listed, kept={"headers": {}, "count": 2, "ids": [4, 5]}, status=200)
    (line,) = exported()
    assert (line["response_body"], line["response_summary"]) == (None, {"count": 2, "ids": [4, 5]})


def test_full_is_exactly_the_bytes_sent(person: Any) -> None:
    body = '{"patient": {"first_name":"Édith",  "ssn":"801-31-3292"}}'
    rows.exchange(body, full_url="http://127.0.0.1:8001/partner/v2/patients?filter[ssn]=801-31-3292")
    (line,) = exported("--full", "--as", "olga")
    assert line["request_body"] == body
    assert line["url"].endswith("filter[ssn]=801-31-3292")
    assert line["request_headers"]["Authorization"] == f"[key {rows.FINGERPRINT}]"


def test_full_is_recorded_under_the_person_who_asked(person: Any) -> None:
    rows.exchange(SENT)
    exported("--full", "--as", "olga")
    assert list(Entry.objects.values_list("action", "actor")) == [("audit_exported_full", "user:olga")]


def test_full_shows_a_person_only_their_enterprises(person: Any) -> None:
    rows.exchange(SENT)
    person.all_enterprises = False
    person.save()
    assert exported("--full", "--as", "olga") == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["--full"],
        ["--full", "--as", "nobody"],
        ["--full", "--as", "anna"],
        ["--since", "yesterday"],
        ["--since", "2026-99-99"],
        ["--format", "xml"],
    ],
)
def test_a_refusal_writes_no_line_and_no_entry(arguments: list[str]) -> None:
    get_user_model().objects.create(username="anna", all_enterprises=True)
    rows.exchange(SENT)
    out = io.StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("export_audit", *arguments, stdout=out)
    assert out.getvalue() == "" and not Entry.objects.exists()
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("error", [BrokenPipeError(), OSError(28, "No space left on device")])
def test_rows_that_can_not_be_written_fail_the_command(error: OSError) -> None:
    class Full(io.StringIO):
        def flush(self) -> None:
            raise error

    rows.exchange(SENT)
    with pytest.raises(CommandError, match="all rows"):
        call_command("export_audit", stdout=Full())


def test_someone_deactivated_may_not_export(person: Any) -> None:
    person.is_active = False
    person.save()
    with pytest.raises(CommandError, match="may not"):
        exported("--full", "--as", "olga")


def test_since_leaves_out_what_was_before() -> None:
    now = datetime.now(UTC)
    rows.exchange(SENT, started_at=now - timedelta(days=2))
    late = rows.exchange(SENT, started_at=now)
    assert [line["id"] for line in exported("--since", (now - timedelta(days=1)).isoformat())] == [
        f"X-{late.pk}"
    ]


def test_content_that_was_destroyed_is_said_and_the_row_stays() -> None:
    one = rows.exchange(SENT)
    as_owner("DELETE FROM audit_data_key WHERE id = %s", one.data_key)
    (line,) = exported()
    assert (line["content"], line["request_body"]) == ("destroyed", None)


def test_a_row_whose_key_is_lost_does_not_hide_the_others_but_the_command_fails(settings: Any) -> None:
    lost = rows.exchange(SENT)
    kept = settings.FIELD_ENCRYPTION_KEYS
    settings.FIELD_ENCRYPTION_KEYS = ["MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="]
    rows.exchange(SENT)
    out = io.StringIO()
    with pytest.raises(CommandError, match=f"1 row could not be decrypted, the first is X-{lost.pk}"):
        call_command("export_audit", stdout=out)
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [line["content"] for line in lines] == ["unreadable", "kept"]
    assert kept


def test_csv_has_a_header_and_the_same_values() -> None:
    rows.answer(rows.exchange(SENT), {"patient": {"id": 669}})
    out = io.StringIO()
    call_command("export_audit", "--format", "csv", stdout=out)
    (line,) = csv.DictReader(io.StringIO(out.getvalue()))
    assert set(line) >= PROMISED
    assert (line["outcome"], line["response_status"]) == ("accepted", "201")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_csv_cell_is_never_a_formula(start: str) -> None:
    (cell,) = next(csv.reader(io.StringIO(csv_line([f"{start}cmd|' /C calc'!A0"]), newline="")))
    assert cell.startswith("'" + start)


def test_the_export_walks_in_chunks_with_few_queries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_module, "CHUNK", 3)
    for _ in range(7):
        rows.answer(rows.exchange(SENT))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        ids = [record["id"] for record in Export(Exchange.objects.all()).records()]
    assert ids == [f"X-{pk}" for pk in Exchange.objects.order_by("pk").values_list("pk", flat=True)]
    assert len(queries) <= 4 * 4
