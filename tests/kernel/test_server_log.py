"""PostgreSQL's log quotes no statement and no row, whatever fails: a canary's values are not found in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import LazySettings
from django.core.checks import Tags, run_checks
from django.db import DatabaseError, connection, transaction

from partnerportal.kernel.server_log import flags
from partnerportal.local.layout import PROJECT
from partnerportal.local.processes import wait_until
from partnerportal.records.models import Patient
from tests.cast import make_enterprise, make_patient
from tests.owner import as_owner

CANARY = {"last_name": "Kanarienvogel", "date_of_birth": date(1983, 11, 24), "city": "Quabbinville"}
_QUOTING = re.compile(r"(?:STATEMENT|DETAIL|QUERY|CONTEXT|HINT): .*|LOG:  (?:duration|statement|execute): .*")


@pytest.fixture
def log(settings: LazySettings) -> Path:
    return Path(settings.DATA_DIR) / "log" / "postgres.log"


@pytest.fixture
def canary(db: None) -> Patient:
    return make_patient(make_enterprise(), **CANARY)


def twice(canary: Patient) -> None:
    """The row that is there already: DETAIL would say its key."""
    Patient.objects.bulk_create([Patient(**{**_columns(canary), "reference": canary.reference})])


def without_enterprise(canary: Patient) -> None:
    """DETAIL would say the whole failing row."""
    Patient.objects.bulk_create([Patient(**{**_columns(canary), "enterprise_id": None})])


def too_long(canary: Patient) -> None:
    """STATEMENT would say what was bound."""
    Patient.objects.filter(last_name=CANARY["last_name"]).update(city=CANARY["city"] * 100)


def no_such_column(canary: Patient) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nothing FROM records_patient WHERE last_name = %s", [CANARY["last_name"]])


def not_allowed(canary: Patient) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_entry SET record = %s", [CANARY["last_name"]])


def raised_in_a_function(canary: Patient) -> None:
    """CONTEXT and QUERY would say what the function ran."""
    as_owner("UPDATE nothing SET city = %s", CANARY["city"])


def too_slow(canary: Patient) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 50")
        cursor.execute("SELECT pg_sleep(5) FROM records_patient WHERE city = %s", [CANARY["city"]])


def _columns(row: Patient) -> dict[str, Any]:
    fields = [field for field in row._meta.concrete_fields if not field.primary_key]
    return {field.attname: getattr(row, field.attname) for field in fields}


@pytest.mark.parametrize(
    "fails",
    [twice, without_enterprise, too_long, no_such_column, not_allowed, raised_in_a_function, too_slow],
)
def test_what_fails_leaves_its_message_and_no_value(
    canary: Patient, log: Path, fails: Callable[[Patient], None]
) -> None:
    before = log.stat().st_size
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        fails(canary)
    message = str(error.value).splitlines()[0]
    assert wait_until(lambda: message in _since(log, before), 5), _since(log, before)
    said = _since(log, before)
    assert [value for value in CANARY.values() if str(value) in said] == []


def test_nothing_the_tests_did_so_far_was_quoted(canary: Patient, log: Path) -> None:
    assert _QUOTING.findall(_since(log, 0)) == []


def _since(log: Path, place: int) -> str:
    with log.open("rb") as file:
        file.seek(place)
        return file.read().decode(errors="replace")


def test_a_server_that_would_quote_is_refused_at_the_start(db: None) -> None:
    assert _ids() == []
    as_owner("SET LOCAL log_min_error_statement = error")
    assert _ids() == ["portal.E008"]
    as_owner("SET LOCAL log_min_error_statement = panic")
    as_owner("SET LOCAL log_min_duration_statement = 500")
    assert "log_min_duration_statement=500ms" in _found()[0].msg
    assert _found()[0].hint


def _found() -> list[Any]:
    return [one for one in run_checks(tags=[Tags.database], databases=["default"]) if one.id == "portal.E008"]


def _ids() -> list[str]:
    return [one.id for one in _found()]


def test_compose_and_the_documents_say_the_same() -> None:
    compose = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
    assert compose["services"]["postgres"]["command"] == ["postgres", *flags()]
    described = (PROJECT / "docs" / "deployment.md").read_text()
    assert [name for name in flags()[1::2] if name not in described] == []
