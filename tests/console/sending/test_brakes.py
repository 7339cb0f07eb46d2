"""Stopping and resuming: who may, what it says on every page, what waits on a key that goes."""

from __future__ import annotations

import pytest
from django.utils import timezone

from partnerportal.accounts.models import ApiKey, Staff
from partnerportal.audit.models import Entry
from partnerportal.delivery import key_changes
from partnerportal.delivery.models import Brake, Delivery
from partnerportal.records.models import Enterprise, Patient
from tests.console.cast import person, signed_in
from tests.console.sending import scene

PATH = "/sending/brakes/"


@pytest.fixture
def waits(key: ApiKey, ed: Patient) -> Delivery:
    return scene.delivery(ed, "pending")


def test_stopping_takes_a_reason_and_says_so_on_every_page(operator: Staff, waits: Delivery) -> None:
    browser = signed_in(operator)
    assert browser.post(PATH, {"scope": "all", "reason": ""}).status_code == 422
    assert not Brake.objects.exists()
    browser.post(PATH, {"scope": "all", "reason": "The vendor moves its servers"})
    shown = browser.get("/records/patient/").content.decode()
    assert "Sending is stopped" in shown and "The vendor moves its servers." in shown
    assert "1 delivery waits." in shown
    assert Entry.objects.get(action="sending_stopped").actor == "user:olivia"


def test_resuming_goes_on_and_is_kept(operator: Staff, waits: Delivery) -> None:
    browser = signed_in(operator)
    browser.post(PATH, {"scope": "all", "reason": "A test"})
    brake = Brake.objects.get()
    assert browser.get(f"{PATH}{brake.pk}/release/").status_code == 405
    browser.post(f"{PATH}{brake.pk}/release/")
    browser.get(PATH)  # its messages are said
    shown = browser.get(PATH).content.decode()
    assert "Sending is stopped" not in shown and "resumed" in shown and "A test" in shown
    assert Entry.objects.filter(action="sending_resumed").count() == 1


def test_one_enterprise_is_stopped_for_who_may_see_it_only(
    operator: Staff, outsider: Staff, north: Enterprise, south: Enterprise
) -> None:
    outsider.scope.create(enterprise=south)
    signed_in(operator).post(PATH, {"scope": "enterprise", "enterprise": north.pk, "reason": "North pauses"})
    assert "North pauses" not in signed_in(outsider).get(PATH).content.decode()
    assert signed_in(outsider).post(f"{PATH}{Brake.objects.get().pk}/release/").status_code == 404


def test_who_sees_a_part_stops_a_part(
    outsider: Staff, north: Enterprise, south: Enterprise, key: ApiKey
) -> None:
    outsider.scope.create(enterprise=south)
    browser = signed_in(outsider)
    for posted in (
        {"scope": "all"},
        {"scope": "key", "key": key.pk},
        {"scope": "enterprise", "enterprise": north.pk},
    ):
        assert browser.post(PATH, {**posted, "reason": "x"}).status_code == 422
    assert (
        browser.post(PATH, {"scope": "enterprise", "enterprise": south.pk, "reason": "x"}).status_code == 302
    )


def test_what_everybody_waits_for_is_not_resumed_by_who_sees_a_part(operator: Staff, outsider: Staff) -> None:
    signed_in(operator).post(PATH, {"scope": "all", "reason": "x"})
    assert signed_in(outsider).post(f"{PATH}{Brake.objects.get().pk}/release/").status_code == 403


def test_an_auditor_stops_nothing(auditor: Staff) -> None:
    assert signed_in(auditor).get(PATH).status_code == 403


def test_what_waits_on_a_revoked_key_goes_where_a_person_says(
    administrator: Staff, north: Enterprise
) -> None:
    """Let it wait first, then let it go out: never by itself."""
    service, own = (
        scene.service_key(),
        ApiKey.objects.create(key="o", fingerprint="aaaa…01", owner=administrator),
    )
    made = scene.delivery(scene.patient(north, 1), "pending", key=own)
    browser = signed_in(administrator)
    assert "1 delivery waits on it" in browser.get(f"/keys/{own.pk}/revoke/").content.decode()
    browser.post(f"/keys/{own.pk}/revoke/", {"move": "wait"})
    made.refresh_from_db()
    assert made.key == own
    assert "Key aaaa…01 is revoked here" in browser.get("/needs/").content.decode()
    assert service.fingerprint in browser.get(f"/sending/keys/{own.pk}/").content.decode()
    browser.post(f"/sending/keys/{own.pk}/")
    made.refresh_from_db()
    assert made.key == service
    assert Entry.objects.filter(action="deliveries_changed_key").count() == 1


def test_what_a_batch_has_not_queued_yet_follows_to_the_next_key(operator: Staff, north: Enterprise) -> None:
    service, own = scene.service_key(), ApiKey.objects.create(key="o", fingerprint="aaaa…01", owner=operator)
    job = scene.batch(north, 2, state="paused", report={"key": own.pk, "first": 1})
    scene.delivery(scene.patient(north, 1), "pending", key=own, batch=job)
    ApiKey.objects.filter(pk=own.pk).update(revoked_at=timezone.now(), state="revoked")
    assert key_changes.move(own, service, scene.context()) == 1
    job.refresh_from_db()
    assert job.report["key"] == service.pk


def test_the_bar_of_a_refused_key_leads_its_owner_to_replacing_it(north: Enterprise, key: ApiKey) -> None:
    owner = person("kim", "operator")
    own = ApiKey.objects.create(
        key="o", fingerprint="aaaa…01", owner=owner, state="refused", refused_at=timezone.now()
    )
    scene.delivery(scene.patient(north, 1), "pending", key=own)
    assert f'href="/keys/{own.pk}/replace/"' in signed_in(owner).get("/account/").content.decode()
