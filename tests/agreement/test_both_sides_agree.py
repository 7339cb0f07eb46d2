"""After every step of random sequences each patient's balance here is the sandbox's, to the cent."""

from __future__ import annotations

import os
import random

import pytest

from partnerportal.delivery.services import request_push
from partnerportal.records.balances import breakdown
from partnerportal.records.ledger import account
from partnerportal.records.models import Patient, PaymentReason, WriteOffCode
from tests.cast import Stage, make_enterprise, make_patient, make_practice
from tests.money.sequences import ACTS, MOST_STEPS, Sequence

# Printed with every failure: MONEY_SEED=… replays it.
SEED = os.environ.get("MONEY_SEED") or str(random.SystemRandom().randrange(10**9))
AT_ONCE = 50


def _sequences(stage: Stage, first: int, number: int) -> list[Sequence]:
    enterprise = make_enterprise(f"Elm Street {first}")
    make_practice(enterprise)
    PaymentReason(enterprise=enterprise, code="CO-3", description="Copayment").save()
    WriteOffCode(enterprise=enterprise, code="044", description="Forgiven").save()
    patients = [make_patient(enterprise) for _ in range(number)]
    return [Sequence(stage, one, f"{SEED}:{first + n}") for n, one in enumerate(patients)]


def _step(stage: Stage, sequence: Sequence) -> None:
    for row in sequence.step():
        request_push(stage.context, row)


def _disagreements(stage: Stage, sequences: list[Sequence]) -> list[str]:
    there = {row["id"]: row["balance_cents"] for row in stage.there("patients")}
    found = []
    for one in sequences:
        one.patient = Patient.objects.get(pk=one.patient.pk)
        ours, read = one.patient.balance_cents, one.patient.balance_there_cents
        if not ours == breakdown(account(one.patient)).owes == read == there[one.patient.remote_id]:
            found.append(f"MONEY_SEED={SEED} {one.seed}: ours {ours}, read {read}, there "
                         f"{there[one.patient.remote_id]} after {one.done}")  # fmt: skip
    return found


def _walk(stage: Stage, number: int) -> set[str]:
    """All sequences, fifty patients at a time; the acts that were done."""
    acts: set[str] = set()
    for first in range(0, number, AT_ONCE):
        sequences = _sequences(stage, first, min(AT_ONCE, number - first))
        for step in range(MOST_STEPS):
            going = [one for one in sequences if step < one.steps]
            for one in going:
                _step(stage, one)
            stage.run(120)
            assert _disagreements(stage, going) == []
        acts |= {act for one in sequences for act in one.done}
    return acts


@pytest.mark.timeout(300)
def test_both_agree_after_every_step_of_fifty_sequences(stage: Stage) -> None:
    assert _walk(stage, 50) == {act.__name__ for act in ACTS}


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_both_agree_after_every_step_of_three_hundred_sequences(stage: Stage) -> None:
    _walk(stage, 300)


@pytest.mark.soak
@pytest.mark.timeout(0)
def test_both_agree_after_every_step_of_two_thousand_sequences(stage: Stage) -> None:
    _walk(stage, 2_000)
