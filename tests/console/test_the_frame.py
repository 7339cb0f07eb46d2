"""The frame: doors, menu by permission, error pages in our words."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from partnerportal.accounts.models import Staff
from partnerportal.console import errors
from partnerportal.delivery.models import Brake
from partnerportal.jobs import notices
from partnerportal.jobs.models import Job
from partnerportal.records.models import Enterprise
from tests.console.cast import signed_in


def test_nobody_signed_in_is_led_to_the_sign_in_page_and_back(client: Client, db: None) -> None:
    answer = client.get("/P-12")
    assert answer.status_code == 302
    assert answer["Location"] == f"{reverse('account_login')}?next=/P-12"


def test_a_script_of_nobody_is_told_so_with_401(client: Client, db: None) -> None:
    assert client.get("/P-12", headers={"X-Portal-Poll": "1"}).status_code == 401


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_open_to_all(client: Client, db: None, path: str) -> None:
    assert client.get(path).status_code == 200


def test_an_unknown_address_is_a_page_in_our_words(operator: Staff) -> None:
    answer = signed_in(operator).get("/no-such-page/")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()
    assert "olivia" in answer.content.decode()


def test_a_stop_is_said_on_every_page_with_its_reason(operator: Staff) -> None:
    Brake.objects.create(scope="all", reason="Inbox Health answers with errors.", actor="schedule")
    page = signed_in(operator).get("/records/patient/").content.decode()
    assert "Sending is stopped" in page
    assert "Inbox Health answers with errors." in page
    assert "0 deliveries wait." in page


def test_a_stop_of_a_foreign_enterprise_is_nobody_elses_business(outsider: Staff, north: Enterprise) -> None:
    Brake.objects.create(scope="enterprise", target_id=north.pk, reason="North moves.", actor="user:ada")
    client = signed_in(outsider)
    assert "North moves." not in client.get("/records/patient/").content.decode()
    outsider.scope.create(enterprise=north)
    assert "North moves." in client.get("/records/patient/").content.decode()


def test_the_badge_counts_running_batches_in_scope(
    operator: Staff, outsider: Staff, north: Enterprise
) -> None:
    Job.objects.create(kind="push", label="Push 1 patient", enterprise_id=north.pk, actor="user:olivia")
    assert 'badge-blue">1<' in signed_in(operator).get("/records/patient/").content.decode()
    assert "badge-blue" not in signed_in(outsider).get("/records/patient/").content.decode()


@pytest.mark.parametrize(("name", "colour"), [("production", "red"), ("demo", "blue"), ("sandbox", "grey")])
def test_the_environment_stands_in_every_header(
    operator: Staff, settings: object, name: str, colour: str
) -> None:
    settings.INBOX_HEALTH_BASE_URL = "https://proxy.example/partner/v2"  # type: ignore[attr-defined]
    settings.INBOX_HEALTH_ENVIRONMENT = name  # type: ignore[attr-defined]
    page = signed_in(operator).get("/records/patient/").content.decode()
    assert f"chip-env-{colour}" in page
    assert ("in-production" in page) == (name == "production")


def test_a_broken_page_needs_no_database_and_gives_a_code() -> None:
    answer = errors.broken(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "Nothing was sent that is not in the log" in answer.content.decode()


def test_a_page_from_before_signing_in_again_says_so(operator: Staff) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(operator, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.post("/push/record/", {})
    assert answer.status_code == 403
    assert "This page is out of date" in answer.content.decode()


def test_no_page_may_run_foreign_scripts_or_tell_others_where_it_came_from(operator: Staff) -> None:
    answer = signed_in(operator).get("/records/patient/")
    policy = answer["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe-eval" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer["Referrer-Policy"] == "same-origin"


def test_the_bell_is_red_for_failures_only(operator: Staff) -> None:
    notices.tell([operator.pk], "batch_ended", "x:1", "Batch B-1 is done.")
    assert "badge-grey" in bell(operator) and "badge-red" not in bell(operator)
    notices.tell([operator.pk], "batch_paused", "x:2", "Batch B-2 is paused.", bad=True)
    assert "badge-red" in bell(operator)


def test_what_was_shown_is_seen_by_a_post_and_what_came_later_is_not(operator: Staff) -> None:
    notices.tell([operator.pk], "batch_ended", "x:1", "Batch B-1 is done.")
    shown = notices.of(operator.pk)[0].pk
    notices.tell([operator.pk], "batch_ended", "x:2", "Batch B-2 is done.")
    signed_in(operator).get("/notices/")
    assert notices.of(operator.pk).filter(seen_at=None).count() == 2
    signed_in(operator).post("/notices/seen/", {"upto": shown})
    assert [notice.about for notice in notices.of(operator.pk).filter(seen_at=None)] == ["x:2"]


def bell(staff: Staff) -> str:
    return (
        signed_in(staff)
        .get("/account/")
        .content.decode()
        .partition("data-bell ")[2]
        .partition("</summary>")[0]
    )
