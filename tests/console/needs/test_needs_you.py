"""Needs you: by cause, the largest first, one remedy each; set aside with a reason, back on a change."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from partnerportal.accounts.models import ApiKey, Staff
from partnerportal.audit.models import Entry
from partnerportal.console.badges import badges_for
from partnerportal.delivery.models import Delivery, Plan
from partnerportal.jobs.models import Job
from partnerportal.records.models import Enterprise, Import, ImportRow, Patient, Practice
from tests.console.cast import person, signed_in
from tests.console.sending import scene


def refused(record: Any, cause: str = "validation:zip", **fields: Any) -> Delivery:
    attribute = cause.partition(":")[2]
    values: dict[str, Any] = {
        "reason": cause.partition(":")[0], "cause_key": cause, "needs_person_since": timezone.now(),
        "detail": {"errors": {attribute: ["is invalid"]}} if attribute else None,
    }  # fmt: skip
    return scene.delivery(record, "failed", **values | fields)


def page(staff: Staff, path: str = "/needs/") -> str:
    answer = signed_in(staff).get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_largest_group_comes_first_with_its_remedy(
    operator: Staff, north: Enterprise, south: Enterprise
) -> None:
    for number in range(3):
        refused(scene.patient(north if number else south, number))
    refused(scene.patient(north, 10), "forbidden")
    scene.undecided(scene.patient(north, 11), {"id": 669})
    shown = page(operator)
    zips, others = shown.index("Inbox Health refused the ZIP"), shown.index("this is not your enterprise")
    assert zips < others
    assert "<strong>3 patients</strong> · 2 enterprises" in shown
    assert "Fix 3…" in shown and "Send 1 again…" in shown and "Decide…" in shown
    cache.clear()
    assert badges_for(operator)["needs"] == 5


def test_nothing_is_a_calm_sentence_with_its_time(operator: Staff) -> None:
    assert "Nothing needs you. True as of" in page(operator)


def test_others_enterprises_are_neither_listed_nor_counted(outsider: Staff, north: Enterprise) -> None:
    refused(scene.patient(north, 1))
    assert "Nothing needs you." in page(outsider)
    cache.clear()
    assert badges_for(outsider)["needs"] == 0


def test_an_auditor_reads_and_is_offered_no_remedy(auditor: Staff, north: Enterprise) -> None:
    refused(scene.patient(north, 1))
    shown = page(auditor)
    assert "Inbox Health refused the ZIP" in shown and "Fix 1…" not in shown
    assert (
        signed_in(auditor).get("/needs/fix/?kind=failed&noun=patient&cause=validation:zip").status_code == 403
    )


def test_a_refused_key_is_one_line_for_all_that_waits_on_it(
    operator: Staff, administrator: Staff, key: ApiKey, north: Enterprise
) -> None:
    for number in range(4):
        scene.delivery(scene.patient(north, number), "pending", reason="key_refused")
    ApiKey.objects.update(state="refused", refused_at=timezone.now())
    assert f"Inbox Health refused key {key.fingerprint}" in page(operator)
    assert "An administrator replaces it." in page(operator)
    assert f'href="/keys/{key.pk}/replace/"' in page(administrator)
    bar = page(operator, "/sending/batches/")
    assert "Sending is stopped" in bar and "4 deliveries wait." in bar


def test_undecided_rows_of_an_import_and_a_batch_that_waits_are_there(
    operator: Staff, north: Enterprise
) -> None:
    job = Job.objects.create(kind="import", label="Import", actor="user:olivia", state="draft")
    ready = Import.objects.create(job=job, kind="patients", enterprise=north, state="checked", digest="x")
    ImportRow.objects.create(file_import=ready, line=2, word="maybe", content={})
    scene.batch(
        north,
        9,
        state="paused",
        report={"pause": {"why": "cause", "cause": "validation:zip", "noun": "patient", "times": 20}},
    )
    shown = page(operator)
    assert "1 row of import" in shown and f'href="/files/jobs/{job.pk}/?tab=maybe"' in shown
    assert "is paused. The portal paused it: 20 times running, one cause." in shown


def test_setting_aside_takes_a_reason_and_comes_back_with_an_edit(operator: Staff, ed: Patient) -> None:
    made = refused(ed)
    browser, group = signed_in(operator), {"kind": "failed", "noun": "patient", "cause": "validation:zip"}
    asked = browser.post("/needs/aside/set/", group)
    assert "Set 1 patient aside" in asked.content.decode() and "Nothing needs you." not in page(operator)
    assert browser.post("/needs/aside/set/", {**group, "reason": " "}).status_code == 422
    browser.post("/needs/aside/set/", {**group, "reason": "The clinic asks the patient."})
    assert "Nothing needs you." in page(operator)
    aside = page(operator, "/needs/aside/")
    assert "The clinic asks the patient." in aside and "Edison, Ed" in aside
    assert Entry.objects.get(action="delivery_set_aside").record == ed.record_name
    ed.version += 1
    ed.save()
    assert "Inbox Health refused the ZIP" in page(operator)
    assert Delivery.objects.get(pk=made.pk).state == "failed"


def test_what_fails_anew_comes_back(operator: Staff, ed: Patient) -> None:
    made = refused(ed)
    group = {"kind": "failed", "noun": "patient", "cause": "validation:zip", "reason": "Later."}
    signed_in(operator).post("/needs/aside/set/", group)
    assert "Nothing needs you." in page(operator)
    Delivery.objects.filter(pk=made.pk).update(needs_person_since=timezone.now() + timedelta(seconds=1))
    assert "Inbox Health refused the ZIP" in page(operator)


def test_bringing_back_is_a_click_and_an_entry(operator: Staff, ed: Patient) -> None:
    made = refused(ed)
    group = {"kind": "failed", "noun": "patient", "cause": "validation:zip", "reason": "Later."}
    browser = signed_in(operator)
    browser.post("/needs/aside/set/", {**group, "ids": [made.pk]})
    browser.post(f"/needs/aside/{made.pk}/back/")
    assert "Inbox Health refused the ZIP" in page(operator)
    assert Entry.objects.filter(action="delivery_brought_back").exists()


def test_sending_a_group_again_is_a_plan(operator: Staff, north: Enterprise) -> None:
    chosen = [scene.patient(north, number) for number in range(2)]
    for patient in chosen:
        refused(patient, "forbidden")
    group = {"kind": "failed", "noun": "patient", "cause": "forbidden"}
    answer = signed_in(operator).post("/needs/again/", group)
    plan = Plan.objects.get()
    assert answer["Location"] == f"/push/plans/{plan.pk}/"
    assert sorted(plan.items.filter(why="").values_list("record_id", flat=True)) == sorted(
        p.pk for p in chosen
    )


def test_deciding_leads_on_to_the_next_and_back_at_last(operator: Staff, north: Enterprise) -> None:
    first, second = (
        scene.undecided(scene.patient(north, n), {"id": 669 + n, "last_name": f"F{n}"}) for n in range(2)
    )
    browser = signed_in(operator)
    assert f'href="/sending/deliveries/{first.pk}/decide/?then=needs"' in page(operator)
    on = browser.post(f"/sending/deliveries/{first.pk}/decide/", {"choice": "669", "then": "needs"})
    assert on["Location"] == f"/sending/deliveries/{second.pk}/decide/?then=needs"
    back = browser.post(f"/sending/deliveries/{second.pk}/decide/", {"choice": "670", "then": "needs"})
    assert back["Location"] == "/needs/"


@pytest.mark.parametrize(
    "path", ["/needs/group/", "/needs/group/?kind=x&noun=patient", "/needs/group/?kind=failed&noun=staff"]
)
def test_what_is_no_group_is_not_found(operator: Staff, path: str) -> None:
    assert signed_in(operator).get(path).status_code == 404


def test_a_groups_page_lists_its_records_in_sight(operator: Staff, north: Enterprise, ed: Patient) -> None:
    refused(ed)
    path = "/needs/group/?kind=failed&noun=patient&cause=validation:zip"
    assert "Edison, Ed" in page(operator, path)
    assert "Edison" not in page(person("oz", "operator", everywhere=False), path)


def test_what_is_gone_there_is_a_cause_of_its_own(operator: Staff, north: Enterprise) -> None:
    Practice.objects.create(enterprise=north, name="Main", remote_id=2, missing_since=timezone.now())
    shown = page(operator)
    assert "Not at Inbox Health any more" in shown and "<strong>1 practice</strong>" in shown
    assert "/differences/?tab=missing&amp;noun=practice" in shown
    cache.clear()
    assert badges_for(operator)["needs"] == badges_for(operator)["differences"] == 1


def test_inbox_healths_own_words_stand_with_a_link_to_what_it_did_not_know(
    operator: Staff, north: Enterprise
) -> None:
    office = Practice.objects.create(
        enterprise=north, name="Annex", remote_id=7, missing_since=timezone.now()
    )
    made = refused(
        scene.patient(north, 1, practice=office),
        "validation:practice_id",
        detail={"errors": {"practice_id": ["must exist"]}},
    )
    scene.attempt(made, "rejected", "validation", practice_id=7)
    query = "kind=failed&noun=patient&cause=validation:practice_id"
    for address in (f"/needs/group/?{query}", f"/needs/fix/?{query}"):
        shown = page(operator, address)
        assert "Inbox Health says: “practice must exist”" in shown
        assert (
            f'is not at Inbox Health any more: <a class="link" href="/{office.short_id}">Annex</a>' in shown
        )
    assert "Annex (not at Inbox Health any more)" in page(operator, f"/needs/fix/?{query}")
