"""What a person took back does not go out, and a record that is gone keeps no worker from going on."""

from __future__ import annotations

import threading

import pytest
from django.db import connections, transaction

from partnerportal.accounts import keys
from partnerportal.accounts.gateway import Gateway
from partnerportal.accounts.models import ApiKey
from partnerportal.audit.context import Context
from partnerportal.delivery import claims, deciding, engine, holding, key_changes, services
from partnerportal.delivery.begin import Begun, begin, guard, ready
from partnerportal.delivery.deleting import withdraw
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.services import NotPossible, request_push, request_reading
from partnerportal.delivery.sweep import sweep
from partnerportal.records.models import Patient
from tests.cast import Stage, make_key, make_patient, make_practice
from tests.delivery.scene import end_leases, onboarded


@pytest.fixture
def ada(stage: Stage) -> Patient:
    enterprise = onboarded()
    make_practice(enterprise)
    return make_patient(enterprise)


def _claimed() -> claims.Hold:
    hold = claims.claim_due("interactive")
    assert hold is not None
    return hold


@pytest.mark.parametrize("how", ["cancelled", "withdrawn"])
def test_what_was_claimed_and_then_taken_back_is_not_begun(stage: Stage, ada: Patient, how: str) -> None:
    delivery = request_push(stage.context, ada)
    hold = _claimed()
    seen = ready(hold)
    assert seen is not None
    if how == "cancelled":
        deciding.cancel(stage.context, delivery)
    else:
        with transaction.atomic():
            withdraw(holding.held(ada))
    with pytest.raises(claims.LeaseLost):
        begin(hold, seen)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.lease_owner) == ("cancelled", 0, None)
    assert stage.there() == []


def test_an_update_that_was_claimed_and_then_withdrawn_does_not_go_out(stage: Stage, ada: Patient) -> None:
    request_push(stage.context, ada)
    stage.run()
    ada.refresh_from_db()
    ada.city = "Boston"
    ada.save()
    request_push(stage.context, ada)
    hold = _claimed()
    Delivery.objects.filter(pk=hold.delivery_id).update(state="cancelled")  # the lease still holds
    assert engine.handle(hold) == 0.0
    assert stage.there()[0].get("city") != "Boston"


def test_what_is_being_sent_is_not_withdrawn(stage: Stage, ada: Patient) -> None:
    request_push(stage.context, ada)
    hold = _claimed()
    seen = ready(hold)
    assert seen is not None and begin(hold, seen) is not None
    with transaction.atomic(), pytest.raises(NotPossible):
        withdraw(holding.held(ada))


def test_withdrawing_waits_for_who_is_about_to_send_it(stage: Stage, ada: Patient) -> None:
    """Whoever asks "was it sent?" holds it until the answer counts no more."""
    request_push(stage.context, ada)
    hold = _claimed()
    seen = ready(hold)
    assert seen is not None
    begun: list[object] = []

    def work() -> None:
        try:
            begun.append(begin(hold, seen))
        except claims.LeaseLost:
            begun.append(None)
        finally:
            connections.close_all()

    worker = threading.Thread(target=work)
    with transaction.atomic():
        withdraw(holding.held(ada))
        worker.start()
        worker.join(0.5)
        assert worker.is_alive()
    worker.join(10)
    assert begun == [None]


@pytest.mark.parametrize("state", ["pending", "blocked"])
def test_a_delivery_whose_record_is_gone_ends_and_the_next_goes_on(
    stage: Stage, ada: Patient, state: str
) -> None:
    delivery = request_push(stage.context, ada)
    Delivery.objects.filter(pk=delivery.pk).update(state=state)
    Patient.objects.filter(pk=ada.pk).delete()
    other = make_patient(ada.enterprise)
    request_push(stage.context, other)
    Delivery.objects.filter(pk=delivery.pk).update(state="pending")
    stage.run()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("cancelled", "deleted_here")
    assert len(stage.there()) == 1


@pytest.mark.parametrize("state", ["in_flight", "unknown"])
def test_of_what_was_sent_and_is_gone_here_a_person_is_asked(stage: Stage, ada: Patient, state: str) -> None:
    stage.sandbox.fault(kind="drop_after", operation="patients.create", count=1)
    delivery = request_push(stage.context, ada)
    if state == "unknown":
        engine.drive("interactive", 2.0)
    else:
        hold = _claimed()
        seen = ready(hold)
        assert seen is not None
        begun = begin(hold, seen)
        assert begun is not None
        _sent(begun)
        end_leases()
    Patient.objects.filter(pk=ada.pk).delete()
    stage.run()
    sweep()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("failed", "record_gone")
    assert delivery.needs_person_since is not None


def _sent(begun: Begun) -> None:
    """The request goes out, and its worker dies before it settles."""
    gateway = Gateway(begun.delivery.key, begun.context, guard=guard(begun))
    request = gateway.prepare(begun.step.operation, path=begun.step.path, body=begun.step.body)
    gateway.client.send(request, must_end_by=begun.hold.must_end_by)


def _replaced_while(stage: Stage, ask: object) -> ApiKey:
    """`ask` begins to queue on the old key; while its transaction is open, the key is replaced."""
    old = ApiKey.objects.get()
    new = keys.candidate("another-key", old.scheme, None)
    replacing = threading.Thread(target=_then_close, args=(old, new, stage.context))
    with transaction.atomic():
        ask()  # type: ignore[operator]
        replacing.start()
        replacing.join(0.5)
    replacing.join(10)
    return ApiKey.objects.get(is_service=True)


def _then_close(old: ApiKey, new: ApiKey, context: Context) -> None:
    try:
        key_changes.replace(old, new, context)
    finally:
        connections.close_all()


@pytest.mark.parametrize("kind", ["push", "compare"])
def test_what_is_queued_while_its_key_is_replaced_goes_along(stage: Stage, ada: Patient, kind: str) -> None:
    new = _replaced_while(
        stage,
        lambda: (
            request_push(stage.context, ada)
            if kind == "push"
            else request_reading(stage.context, ada, Delivery.Kind.COMPARE)
        ),
    )
    sweep()
    assert Delivery.objects.filter(state__in=Delivery.OPEN).values_list("key", flat=True)[0] == new.pk


def test_what_a_stale_key_would_queue_takes_the_one_of_now(
    stage: Stage, ada: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key is read, replaced, and only then the delivery is inserted."""
    old, asked = ApiKey.objects.get(), services.key_of

    def read_then_replaced(context: Context, noun: str = "") -> ApiKey:
        found = asked(context, noun)
        if found == old and old.revoked_at is None:
            new = keys.candidate("another-key", old.scheme, None)
            keys.replace(old, new, context)
            old.refresh_from_db()
        return found

    monkeypatch.setattr(services, "key_of", read_then_replaced)
    delivery = request_push(stage.context, ada)
    assert delivery.key == ApiKey.objects.get(is_service=True)
    assert delivery.key != old


def test_what_is_left_on_a_revoked_key_moves_by_the_choice_that_was_made(stage: Stage, ada: Patient) -> None:
    delivery = request_push(stage.context, ada)
    old, new = ApiKey.objects.get(), make_key("another-key", is_service=False)
    key_changes.name_service(new, stage.context)
    key_changes.revoke(old, stage.context, move=False)
    sweep()
    delivery.refresh_from_db()
    assert delivery.key == old, "the choice was to wait"
    key_changes.take_over(new, stage.context)
    Delivery.objects.update(key=old)  # inserted in the very moment of the choice
    sweep()
    delivery.refresh_from_db()
    assert delivery.key == new
