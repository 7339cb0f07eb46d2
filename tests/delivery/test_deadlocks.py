"""Everybody locks in one order: people, workers, sweeps and batches on the same few rows never deadlock."""

from __future__ import annotations

import random
import time

from django.db import DatabaseError

from partnerportal.delivery import deciding, engine, resolve
from partnerportal.delivery.batches import cancel_batch
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.plans import PlanChanged, confirm_plan, make_plan
from partnerportal.delivery.services import NotPossible, request_push
from partnerportal.delivery.sweep import sweep
from partnerportal.records.models import Enterprise, Patient
from tests.cast import Stage, make_enterprise, make_patient, make_practice
from tests.delivery.scene import deadlocks, in_threads

SECONDS = 6.0


def test_eight_at_once_on_two_enterprises_never_deadlock_and_all_arrives(stage: Stage) -> None:
    for name in ("North", "South"):
        enterprise = make_enterprise(name)
        practice = make_practice(enterprise, f"{name} office")
        for _ in range(6):
            make_patient(enterprise, practice=practice)
    stage.settings.DELIVERY_LEASE = 20.0
    before, seeds = deadlocks(), iter(range(100))
    end = time.monotonic() + SECONDS

    def meddle() -> None:
        chance = random.Random(next(seeds))
        while time.monotonic() < end:
            _one_act(stage, chance)

    in_threads(8, meddle)
    assert deadlocks() == before
    for model in (Enterprise, Patient):
        for row in model.objects.exclude(sync_state="in_sync"):
            request_push(stage.context, row)
    stage.run(60)
    assert len(stage.there()) == 12
    assert set(Patient.objects.values_list("sync_state", flat=True)) == {"in_sync"}


def _one_act(stage: Stage, chance: random.Random) -> None:
    patient = chance.choice(list(Patient.objects.all()))
    acts = [
        lambda: request_push(stage.context, patient),
        lambda: request_push(stage.context, patient.enterprise),
        lambda: _edit(patient, chance),
        lambda: engine.drive("interactive", 0.3),
        lambda: engine.drive("bulk", 0.3),
        sweep,
        resolve.resolve_due,
        lambda: _batch(stage, chance),
        lambda: _cancel(stage),
    ]
    try:
        chance.choice(acts)()
    except (NotPossible, PlanChanged):
        return
    except DatabaseError as error:
        assert "deadlock" not in str(error)
        raise


def _edit(patient: Patient, chance: random.Random) -> None:
    Patient.objects.filter(pk=patient.pk).update(city=chance.choice(("Boston", "Chicopee")))
    row = Patient.objects.get(pk=patient.pk)
    row.save(update_fields=["dirty", "sync_state", "not_valid"])


def _batch(stage: Stage, chance: random.Random) -> None:
    plan = make_plan(stage.operator, "patient", Patient.objects.all())
    job = confirm_plan(plan, stage.context)
    if chance.random() < 0.5:
        cancel_batch(stage.context, job)


def _cancel(stage: Stage) -> None:
    waiting = Delivery.objects.filter(state__in=("pending", "blocked"), noun="patient").order_by("?").first()
    if waiting is not None:
        deciding.cancel(stage.context, waiting)
