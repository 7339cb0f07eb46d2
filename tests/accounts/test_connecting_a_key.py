"""Connecting, testing and generating API keys, with real calls to the sandbox."""

from __future__ import annotations

from typing import Any

import pytest

from partnerportal.accounts import keys, sandbox_key
from partnerportal.accounts.gateway import key_for, service_key
from partnerportal.accounts.key_test import Verdict
from partnerportal.accounts.models import ApiKey, EnvironmentStamp, Staff
from partnerportal.audit.models import Answer, Exchange
from partnerportal.audit.sealed import unseal
from tests.sandbox_process import KEY, Sandbox

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_key_that_works_is_saved_as_working(
    on_sandbox: Sandbox, operator: Staff, by: Any, told: Any
) -> None:
    made = keys.connect(keys.candidate(f"  {KEY}\n", "basic", operator), by(operator), by=operator)
    saved = ApiKey.objects.get(pk=made.pk)
    assert (saved.key, saved.state, saved.owner) == (KEY, "working", operator)
    assert saved.tested_at is not None
    assert told("key_connected") == [
        ("user:olive", {"key": saved.fingerprint, "tested": True, "service": False})
    ]


def test_the_other_scheme_works_too(on_sandbox: Sandbox, operator: Staff, by: Any) -> None:
    keys.connect(keys.candidate(KEY, "x-api-key", operator), by(operator), by=operator)
    assert on_sandbox.requests()[-1]["status"] == 200


def test_the_test_call_stands_in_the_audit_without_the_key(
    on_sandbox: Sandbox, operator: Staff, by: Any
) -> None:
    made = keys.connect(keys.candidate(KEY, "basic", operator), by(operator), by=operator)
    exchange = Exchange.objects.get()
    assert (exchange.operation, exchange.credential_fingerprint) == ("enterprises.list", made.fingerprint)
    assert exchange.actor == "user:olive"


def test_a_refused_key_is_not_saved(on_sandbox: Sandbox, operator: Staff, by: Any) -> None:
    with pytest.raises(keys.NotSaved) as refusal:
        keys.connect(keys.candidate("wrong-key", "basic", operator), by(operator), by=operator)
    assert refusal.value.found.verdict is Verdict.REFUSED
    assert not refusal.value.open
    assert not ApiKey.objects.exists()


def test_without_an_answer_it_may_be_saved_untested(settings: Any, operator: Staff, by: Any) -> None:
    settings.INBOX_HEALTH_BASE_URL = "http://127.0.0.1:9/partner/v2"
    with pytest.raises(keys.NotSaved) as silence:
        keys.connect(keys.candidate(KEY, "basic", operator), by(operator), by=operator)
    assert silence.value.open
    assert silence.value.found.sentence == "No answer from 127.0.0.1:9."
    made = keys.connect(keys.candidate(KEY, "basic", operator), by(operator), by=operator, test=False)
    assert made.state == "not_tested"


@pytest.mark.parametrize("text", ["", "two words", "clé", "tab\there"])
def test_what_can_be_no_key_is_refused_before_any_call(text: str) -> None:
    with pytest.raises(keys.NotAKey):
        keys.candidate(text, "basic", None)


def test_a_second_own_key_is_refused(on_sandbox: Sandbox, operator: Staff, by: Any) -> None:
    keys.connect(keys.candidate(KEY, "basic", operator), by(operator), by=operator)
    with pytest.raises(keys.AlreadyConnected):
        keys.connect(keys.candidate(KEY, "basic", operator), by(operator), by=operator)


def test_an_administrators_first_key_becomes_the_service_key(
    on_sandbox: Sandbox, administrator: Staff, operator: Staff, by: Any
) -> None:
    first = keys.connect(keys.candidate(KEY, "basic", administrator), by(administrator), by=administrator)
    assert service_key() == first
    assert key_for(operator) == first


def test_an_operators_first_key_does_not(on_sandbox: Sandbox, operator: Staff, by: Any) -> None:
    keys.connect(keys.candidate(KEY, "basic", operator), by(operator), by=operator)
    assert service_key() is None


def test_the_sandbox_makes_a_key_that_works(on_sandbox: Sandbox, operator: Staff, by: Any) -> None:
    made = sandbox_key.generate(operator, by(operator))
    assert made.state == "working"
    assert made.key != KEY
    assert keys.test(made, by(operator)).verdict is Verdict.WORKING


def test_a_generated_key_stands_in_no_audit_row(on_sandbox: Sandbox, operator: Staff, by: Any) -> None:
    made = sandbox_key.generate(operator, by(operator))
    for row in (*Exchange.objects.all(), *Answer.objects.all()):
        assert str(made.key) not in str(unseal(row))
    asked = Exchange.objects.get(operation="sandbox.generate_key")
    answer = Answer.objects.get(exchange=asked.pk)
    assert "[key]" in unseal(answer)["body"]


def test_no_key_is_generated_outside_the_sandbox(settings: Any, operator: Staff, by: Any) -> None:
    settings.INBOX_HEALTH_BASE_URL = "https://api.demo.inboxhealth.com/partner/v2"
    with pytest.raises(sandbox_key.OnlyInTheSandbox):
        sandbox_key.generate(operator, by(operator))
    assert not Exchange.objects.exists()


def test_a_key_revoked_there_is_found_refused_by_a_test(
    on_sandbox: Sandbox, operator: Staff, by: Any
) -> None:
    made = sandbox_key.generate(operator, by(operator))
    on_sandbox.admin("DELETE", f"keys/{made.key}")
    assert keys.test(made, by(operator)).verdict is Verdict.REFUSED
    made.refresh_from_db()
    assert made.state == "refused"
    assert made.refused_at is not None


def test_another_sandbox_than_the_stamped_one_is_noticed(
    on_sandbox: Sandbox, operator: Staff, by: Any
) -> None:
    EnvironmentStamp.objects.create(pk=1, name="sandbox", instance="another")
    with pytest.raises(keys.NotSaved) as mismatch:
        keys.connect(keys.candidate(KEY, "basic", operator), by(operator), by=operator)
    assert mismatch.value.found.verdict is Verdict.OTHER_END
    assert not ApiKey.objects.exists()
