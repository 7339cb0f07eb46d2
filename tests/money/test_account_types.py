"""A patient's account type is at Inbox Health before the patient who names it."""

from __future__ import annotations

from partnerportal.records.models import AccountType
from tests.cast import Stage
from tests.money.accounts import billed_patient, push


def test_it_goes_out_first_and_its_id_with_the_patient(stage: Stage) -> None:
    patient = billed_patient()
    patient.account_type = AccountType.objects.create(enterprise=patient.enterprise, name="No statements")
    patient.save()
    push(stage, patient)
    kind = AccountType.objects.get()
    assert [row["name"] for row in stage.there("account_types")] == ["No statements"]
    assert stage.there("patients")[0]["account_type_id"] == kind.remote_id
    patient.refresh_from_db()
    assert patient.sync_state == "in_sync"


def test_one_chosen_later_is_a_change_that_is_sent(stage: Stage) -> None:
    patient = billed_patient()
    push(stage, patient)
    patient.refresh_from_db()
    patient.account_type = AccountType.objects.create(enterprise=patient.enterprise, name="No statements")
    patient.save()
    push(stage, patient)
    patient.refresh_from_db()
    assert (patient.dirty, patient.sync_state) == ([], "in_sync")
    assert stage.there("patients")[0]["account_type_id"] == patient.account_type.remote_id
