"""Push buttons lead to a plan; its page only shows; confirming starts a batch, or explains why not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from partnerportal.accounts.gateway import limiter
from partnerportal.accounts.models import ApiKey, Staff
from partnerportal.audit.models import Entry
from partnerportal.delivery.models import Delivery, Plan
from partnerportal.jobs.models import Job
from partnerportal.records.models import Enterprise, Patient
from tests.console.cast import signed_in
from tests.console.sending import scene
from tests.owner import as_owner


@pytest.fixture
def browser(operator: Staff) -> Client:
    return signed_in(operator)


def planned(browser: Client, path: str, **posted: object) -> Plan:
    """The plan that a push button made."""
    answer = browser.post(path, posted)
    assert answer.status_code == 302, answer.content
    plan = Plan.objects.latest("pk")
    assert answer["Location"] == f"/push/plans/{plan.pk}/"
    return plan


def shown(answer: HttpResponse) -> str:
    assert answer.status_code == 200
    return answer.content.decode()


def test_one_record_is_a_plan_of_one(browser: Client, ed: Patient) -> None:
    plan = planned(browser, "/push/record/", noun="patient", pk=ed.pk)
    assert plan.counts == {"create": 1}
    page = shown(browser.get(f"/push/plans/{plan.pk}/"))
    assert "1 patient will be created in SANDBOX. Inbox Health has no delete for patients." in page
    assert "Push 1 patient<" in page


def test_the_title_names_no_person(browser: Client, ed: Patient) -> None:
    plan = planned(browser, "/push/record/", noun="patient", pk=ed.pk)
    page = shown(browser.get(f"/push/plans/{plan.pk}/"))
    assert "Edison" not in page.split("</title>")[0]
    assert "Edison" in page


def test_the_selected_are_planned_and_others_not(browser: Client, north: Enterprise) -> None:
    people = [scene.patient(north, n) for n in range(3)]
    plan = planned(
        browser, "/push/selected/", noun="patient", scope="selected", ids=[p.pk for p in people[:2]]
    )
    assert sorted(plan.items.filter(why="").values_list("record_id", flat=True)) == sorted(
        p.pk for p in people[:2]
    )


def test_all_that_match_are_those_of_the_lists_own_query(
    browser: Client, north: Enterprise, south: Enterprise
) -> None:
    here = [scene.patient(north, n).pk for n in range(3)]
    scene.patient(south, 9)
    plan = planned(browser, "/push/selected/", noun="patient", scope="all", query=f"enterprise={north.pk}")
    assert sorted(plan.items.filter(why="").values_list("record_id", flat=True)) == here


def test_nothing_ticked_says_so_and_makes_no_plan(browser: Client, ed: Patient) -> None:
    answer = browser.post("/push/selected/", {"noun": "patient", "scope": "selected"}, follow=True)
    assert "Nothing is ticked." in answer.content.decode()
    assert not Plan.objects.exists()


def test_only_records_in_scope_enter_a_plan(outsider: Staff, ed: Patient, south: Enterprise) -> None:
    theirs = scene.patient(south, 1)
    outsider.scope.create(enterprise=south)
    browser = signed_in(outsider)
    assert browser.post("/push/record/", {"noun": "patient", "pk": ed.pk}).status_code == 404
    plan = planned(browser, "/push/selected/", noun="patient", scope="selected", ids=[ed.pk, theirs.pk])
    assert list(plan.items.filter(why="").values_list("record_id", flat=True)) == [theirs.pk]


def test_counts_tabs_and_the_parent_that_goes_first_are_on_the_page(
    browser: Client, north: Enterprise
) -> None:
    scene.patient(north, 1)
    scene.patient(north, 2, zip="bad")
    page = shown(browser.get(planned_page(browser)))
    assert "1 new" in page and "1 not valid, left out" in page
    assert "not in your selection: 1 enterprise." in page and "1 list of practices is read" in page
    assert "North Clinic" in shown(browser.get(planned_page(browser) + "?tab=along"))
    assert "4 requests" in page  # the list of enterprises is read before the first is made
    wrong = shown(browser.get(planned_page(browser) + "?tab=not_valid"))
    assert "is no ZIP" in wrong


def planned_page(browser: Client) -> str:
    return f"/push/plans/{planned(browser, '/push/selected/', noun='patient', scope='all', query='').pk}/"


def test_an_update_shows_was_and_now_and_what_is_sent(browser: Client, ed: Patient) -> None:
    ed.remote_id = 669
    ed.acknowledged = {name: {"sent": value, "answered": value} for name, value in ed.wire.values(ed).items()}
    ed.cell_phone = "2035550199"
    ed.save()
    page = shown(
        browser.get(f"/push/plans/{planned(browser, '/push/record/', noun='patient', pk=ed.pk).pk}/")
    )
    assert '<del class="was">(203) 555-0101</del>' in page and '<ins class="now">(203) 555-0199</ins>' in page
    assert "&quot;id&quot;: 669" in page


def test_an_ssn_is_masked_in_what_is_sent(browser: Client, ed: Patient) -> None:
    Enterprise.objects.filter(pk=ed.enterprise_id).update(allow_ssn=True)
    ed.refresh_from_db()
    ed.ssn = "801-31-3292"
    ed.save()
    page = shown(
        browser.get(f"/push/plans/{planned(browser, '/push/record/', noun='patient', pk=ed.pk).pk}/")
    )
    assert "801-31" not in page and "•••-••-3292" in page


def test_showing_changes_nothing(browser: Client, key: ApiKey, ed: Patient) -> None:
    plan = planned(browser, "/push/record/", noun="patient", pk=ed.pk)
    before = (Entry.objects.count(), Delivery.objects.count())
    shown(browser.get(f"/push/plans/{plan.pk}/"))
    assert (Entry.objects.count(), Delivery.objects.count()) == before
    for path in (
        "/push/record/",
        "/push/selected/",
        f"/push/plans/{plan.pk}/confirm/",
        f"/push/plans/{plan.pk}/again/",
    ):
        assert browser.get(path).status_code == 405


def test_confirming_starts_a_batch_once(browser: Client, key: ApiKey, ed: Patient) -> None:
    plan = planned(browser, "/push/record/", noun="patient", pk=ed.pk)
    for _ in range(2):
        answer = browser.post(f"/push/plans/{plan.pk}/confirm/")
        job = Job.objects.get()
        assert answer["Location"] == f"/sending/batches/{job.pk}/"
    assert Delivery.objects.get().batch == job
    assert Entry.objects.get(action="batch_started").actor == "user:olivia"
    assert browser.get(f"/push/plans/{plan.pk}/")["Location"] == f"/sending/batches/{job.pk}/"


def test_what_changed_since_the_preview_is_named_and_nothing_is_sent(
    browser: Client, key: ApiKey, ed: Patient
) -> None:
    plan = planned(browser, "/push/record/", noun="patient", pk=ed.pk)
    ed.version += 1
    ed.save()
    answer = browser.post(f"/push/plans/{plan.pk}/confirm/")
    assert answer.status_code == 409
    assert "1 record changed since this preview. Nothing was sent." in answer.content.decode()
    assert ed.short_id in answer.content.decode()
    assert not Delivery.objects.exists()


def test_a_lapsed_plan_can_only_be_previewed_again(browser: Client, key: ApiKey, ed: Patient) -> None:
    plan = planned(browser, "/push/record/", noun="patient", pk=ed.pk)
    Plan.objects.filter(pk=plan.pk).update(created_at=timezone.now() - timedelta(minutes=31))
    browser.post(f"/push/plans/{plan.pk}/confirm/")
    assert not Delivery.objects.exists()
    page = shown(browser.get(f"/push/plans/{plan.pk}/"))
    assert "older than 30 minutes" in page and "Preview again" in page and "Push 1 patient<" not in page
    again = planned(browser, f"/push/plans/{plan.pk}/again/")
    assert list(again.items.filter(why="").values_list("record_id", flat=True)) == [ed.pk]


def test_without_a_key_nothing_is_sent_and_the_page_says_where_to_connect_one(
    browser: Client, ed: Patient
) -> None:
    plan = planned(browser, "/push/record/", noun="patient", pk=ed.pk)
    answer = browser.post(f"/push/plans/{plan.pk}/confirm/", follow=True)
    assert "There is no API key to send with." in answer.content.decode()
    assert not Delivery.objects.exists()


def test_a_plan_is_nobody_elses_page(browser: Client, key: ApiKey, ed: Patient, administrator: Staff) -> None:
    plan = planned(browser, "/push/record/", noun="patient", pk=ed.pk)
    from_other = signed_in(administrator)
    assert from_other.get(f"/push/plans/{plan.pk}/").status_code == 403
    administrator.groups.set(Staff.objects.get(username="olivia").groups.all())
    assert signed_in(administrator).get(f"/push/plans/{plan.pk}/").status_code == 404


def test_an_auditor_can_push_nothing(auditor: Staff, ed: Patient) -> None:
    assert signed_in(auditor).post("/push/record/", {"noun": "patient", "pk": ed.pk}).status_code == 403


@pytest.mark.parametrize(
    "posted", [{"noun": "staff", "pk": "1"}, {"noun": "patient", "pk": "x"}, {"noun": "patient"}]
)
def test_what_is_no_record_is_not_found(browser: Client, posted: dict[str, str]) -> None:
    assert browser.post("/push/record/", posted).status_code == 404


def test_in_production_a_large_push_takes_the_number_typed(
    operator: Staff, key: ApiKey, north: Enterprise, settings: Any
) -> None:
    for number in range(26):
        scene.patient(north, number)
    settings.INBOX_HEALTH_ENVIRONMENT = "production"
    browser = signed_in(operator)
    path = planned_page(browser)
    assert "Type 26 to push to PRODUCTION" in shown(browser.get(path))
    answer = browser.post(f"{path}confirm/", {"typed": "25"})
    assert answer.status_code == 422 and "That is not 26. Nothing was sent." in answer.content.decode()
    ids = operator.groups.get().pk, Permission.objects.get(codename="confirm_in_production").pk
    as_owner("DELETE FROM auth_group_permissions WHERE group_id = %s AND permission_id = %s", *ids)
    assert signed_in(operator).post(f"{path}confirm/", {"typed": "26"}).status_code == 403
    as_owner("INSERT INTO auth_group_permissions (group_id, permission_id) VALUES (%s, %s)", *ids)
    assert signed_in(operator).post(f"{path}confirm/", {"typed": "26"}).status_code == 302


def test_whose_statements_it_starts_is_said_and_is_a_risk_in_production(
    browser: Client, key: ApiKey, north: Enterprise, settings: Any
) -> None:
    scene.patient(north, 1)
    assert "Nothing in this push starts a statement." in shown(browser.get(planned_page(browser)))
    scene.patient(north, 2, billing_status="billable")
    assert "may start sending statements to 1 patient" in shown(browser.get(planned_page(browser)))
    settings.INBOX_HEALTH_ENVIRONMENT = "production"
    assert browser.post(f"{planned_page(browser)}confirm/").status_code == 422


def test_five_first_is_offered_only_where_there_are_more(
    browser: Client, key: ApiKey, north: Enterprise
) -> None:
    people = [scene.patient(north, number) for number in range(5)]
    assert "5 first" not in shown(browser.get(planned_page(browser)))
    scene.patient(people[0].enterprise, 6)
    path = planned_page(browser)
    assert "5 first, the rest when I say so" in shown(browser.get(path))
    browser.post(f"{path}confirm/", {"begin": "first"})
    assert Job.objects.get().report["first"] == 5 and Delivery.objects.count() == 5


def test_the_estimate_follows_the_budgets_level(browser: Client, key: ApiKey, ed: Patient) -> None:
    limiter.cache_clear()
    full = browser.get(planned_page(browser))
    limiter().drain(key.fingerprint)
    assert full.context["time"].free == 91
    assert browser.get(planned_page(browser)).context["time"].free == 0
