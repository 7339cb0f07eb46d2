"""Whatever set of records a service is given, it acts on those in the scope of whoever acts."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from partnerportal.audit.context import Context
from partnerportal.audit.models import Entry
from partnerportal.delivery import asides, billing, key_changes, plans
from partnerportal.delivery.brakes import release, stop
from partnerportal.delivery.models import Aside, Brake, Delivery
from partnerportal.records.models import Endpoint, Patient
from partnerportal.webhooks import services
from partnerportal.webhooks.models import Event
from tests.cast import make_enterprise, make_key, make_patient, make_staff
from tests.console.sending import scene

pytestmark = pytest.mark.django_db
BY = Context("user:nora", "console")


@pytest.fixture
def two(db: None) -> tuple[Patient, Patient]:
    """One in nora's scope, one not."""
    nora = make_staff("nora", "operator", all_enterprises=False)
    mine, other = make_patient(make_enterprise("Lakeside")), make_patient(make_enterprise("Elm"))
    nora.scope.create(enterprise=mine.enterprise)
    return mine, other


def test_plans_and_billing_choices(two: Any) -> None:
    nora = make_staff("nils", all_enterprises=False)
    nora.scope.create(enterprise=two[0].enterprise)
    for plan in (
        plans.make_plan(nora, "patient", Patient.objects.all()),
        billing.freeze(nora, Patient.objects.all(), "Billing"),
    ):
        assert list(plan.items.filter(why="").values_list("record_id", flat=True)) == [two[0].pk]


def test_putting_aside(two: Any) -> None:
    for patient in two:
        scene.delivery(patient, "failed", reason="validation", needs_person_since=timezone.now())
    assert asides.set_aside(BY, Delivery.objects.all(), "later") == 1
    assert Aside.objects.get().delivery.record_id == two[0].pk


def test_replaying_events(two: Any) -> None:
    endpoint = Endpoint.objects.create(registered_webhooks=["patient_updated"])
    for patient in two:
        Event.objects.create(
            endpoint=endpoint, event_key=str(patient.pk), event_type="patient_updated", body="{}",
            signed_by="3f9a00c2", state="applied", enterprise_id=patient.enterprise_id,
        )  # fmt: skip
    assert services.replay(BY, Event.objects.all()) == 1
    assert Event.objects.get(state="waiting").enterprise_id == two[0].enterprise_id


def test_moving_what_waits_on_a_key(two: Any) -> None:
    old, new = make_key("old", is_service=False), make_key("new")
    batches = [scene.batch(patient.enterprise, 1, report={"key": old.pk}) for patient in two]
    for patient, batch in zip(two, batches, strict=True):
        scene.delivery(patient, "pending", key=old, batch=batch)
    assert key_changes.move_in_scope(old, new, BY) == 1
    for batch in batches:
        batch.refresh_from_db()
    assert [batch.report["key"] for batch in batches] == [new.pk, old.pk]
    assert key_changes.move_in_scope(old, new, Context("command:test", "command")) == 1


def test_a_stop_of_one_enterprise_is_written_down_as_its_own(two: Any) -> None:
    brake = stop(BY, "asked", Brake.Scope.ENTERPRISE, two[1].enterprise_id)
    release(BY, brake)
    assert set(Entry.objects.values_list("enterprise", flat=True)) == {two[1].enterprise_id}
