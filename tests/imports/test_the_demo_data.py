"""`load_demo` against the real sandbox: two onboarded enterprises, once, and never anywhere else."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from partnerportal.audit.models import Exchange
from partnerportal.records.models import Doctor, Enterprise, Patient, Practice
from tests.owner import as_owner
from tests.sandbox_process import KEY

EXPECTED = (
    (Enterprise, "enterprises", 2),
    (Practice, "practices", 2),
    (Doctor, "doctors", 3),
    (Patient, "patients", 9),
)


def load() -> str:
    out = StringIO()
    call_command("load_demo", stdout=out)
    return out.getvalue()


@pytest.fixture
def beside(stage: Any, settings: LazySettings, tmp_path: Path) -> Any:
    as_owner("DELETE FROM accounts_apikey")
    settings.INBOX_HEALTH_API_KEY = KEY
    settings.DATA_DIR = tmp_path
    return stage


def test_two_enterprises_are_onboarded_at_the_sandbox(beside: Any, tmp_path: Path) -> None:
    assert "ready to be imported" in load()
    for model, resource, number in EXPECTED:
        assert model.objects.filter(sync_state="in_sync").count() == number, resource
        there = {row["id"] for row in beside.there(resource)}
        assert set(model.objects.values_list("remote_id", flat=True)) <= there
    assert (tmp_path / "patients.csv").read_text().count("\n") == 301
    assert (tmp_path / "charges.csv").read_text().count("\n") == 241
    assert set(Exchange.objects.values_list("actor", flat=True)) == {"command:load_demo"}


def test_the_second_start_sends_nothing(beside: Any) -> None:
    load()
    before = Exchange.objects.count()
    assert "0 demo records sent" in load()
    assert Exchange.objects.count() == before


def test_it_refuses_anything_but_a_sandbox(beside: Any, settings: LazySettings) -> None:
    settings.INBOX_HEALTH_BASE_URL = "https://api.demo.inboxhealth.com/partner/v2"
    with pytest.raises(CommandError, match="sandbox only"):
        load()
    assert not Enterprise.objects.exists()
