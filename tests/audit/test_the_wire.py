"""What the audit holds is what Inbox Health was sent: compared with the sandbox's own log, byte by byte."""

from __future__ import annotations

import hashlib
import io
import json
from typing import Any

from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.test import Client

from partnerportal.accounts.models import Staff
from partnerportal.delivery.models import Plan
from partnerportal.delivery.services import request_push
from partnerportal.jobs.models import Job
from partnerportal.records.models import Enterprise
from tests.cast import Stage, make_enterprise, make_patient


def exported(stage: Stage, *arguments: str) -> list[dict[str, Any]]:
    out = io.StringIO()
    call_command("export_audit", *arguments, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def full(stage: Stage) -> list[dict[str, Any]]:
    stage.operator.user_permissions.add(Permission.objects.get(codename="export_full"))
    return exported(stage, "--full", "--as", stage.operator.username)


def signature(method: str, url: str, body: str) -> tuple[str, str, str]:
    path = "/partner/v2" + url.partition("/partner/v2")[2].partition("?")[0]
    return method, path.rstrip("/"), hashlib.sha256(body.encode()).hexdigest()


def seen(stage: Stage) -> list[tuple[str, str, str]]:
    return [(r["method"], r["path"].rstrip("/"), r["body_sha256"]) for r in stage.sandbox.requests()]


def test_a_full_export_is_what_the_sandbox_saw_in_order(stage: Stage) -> None:
    request_push(stage.context, make_patient(make_enterprise(), first_name="Édith", last_name="O’Neil"))
    stage.run()
    lines = [signature(x["method"], x["url"], x["request_body"]) for x in full(stage)]
    assert lines == seen(stage)
    assert len(lines) > 2


def test_a_request_without_an_answer_is_in_it_too(stage: Stage) -> None:
    stage.sandbox.fault(kind="drop_after", operation="patients.create", count=1)
    request_push(stage.context, make_patient(make_enterprise()))
    stage.run()
    lines = full(stage)
    assert sorted(signature(x["method"], x["url"], x["request_body"]) for x in lines) == sorted(seen(stage))
    (created,) = [x for x in lines if x["operation"] == "patients.create"]
    assert (created["outcome"], created["response_status"]) == ("unknown", None)
    assert any(x["origin"] == "resolve" for x in lines)


def test_a_masked_export_of_a_real_push_names_nobody(stage: Stage) -> None:
    patient = make_patient(make_enterprise(), first_name="Wilhelmina", last_name="Featherstone")
    request_push(stage.context, patient)
    stage.run()
    text = json.dumps(exported(stage), ensure_ascii=False)
    for value in (
        "Wilhelmina",
        "Featherstone",
        "1979-10-26",
        "555-0101",
        "2035550101",
        patient.health_record_id,
    ):
        assert value not in text, value
    assert "patients.create" in text and patient.record_name in text


def test_the_key_is_nowhere_in_a_full_export(stage: Stage) -> None:
    request_push(stage.context, make_patient(make_enterprise()))
    stage.run()
    assert stage.key.key not in json.dumps(full(stage))


def test_from_the_list_to_the_exchange_as_a_person_goes(stage: Stage, auditor: Staff) -> None:
    enterprise: Enterprise = make_enterprise()
    for _ in range(3):
        make_patient(enterprise)
    operator = _browser(stage.operator)
    planned = operator.post("/push/selected/", {"noun": "patient", "scope": "all", "query": ""})
    confirmed = operator.post(f"{planned['Location']}confirm/")
    stage.run()
    shown = operator.get(confirmed["Location"]).content.decode()
    assert "3 of 3 settled" in shown
    reader = _browser(auditor)
    listed = reader.get("/audit/exchanges/?operation=patients.create&outcome=accepted").context["rows"]
    assert len(listed) == 3
    page = reader.get(f"/audit/exchanges/{listed[0]['row'].pk}/").content.decode()
    assert "Created patient" in page and f"for {stage.operator.username} in " in page
    assert Job.objects.get().pk == Plan.objects.get().batch


def _browser(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
