"""Try It against a sandbox: through gateway and audit, into the mirror, honest about the unknown."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import Permission

from integrations.inboxhealth.examples import with_body
from integrations.inboxhealth.operations import OPERATIONS, Operation
from partnerportal.accounts.models import Staff
from partnerportal.audit.models import Answer, Entry, Exchange
from partnerportal.delivery import brakes
from partnerportal.explorer import prefill
from partnerportal.explorer.models import Trial
from partnerportal.explorer.trying import Asked, NotSent, SentBefore, run
from partnerportal.records.models import Difference, Enterprise, Invoice, Patient
from tests.cast import Stage, make_enterprise, make_patient
from tests.owner import as_owner

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def writer(operator: Staff) -> Staff:
    operator.user_permissions.add(Permission.objects.get(codename="try_it_writes"))
    return Staff.objects.get(pk=operator.pk)


def call(stage: Stage, staff: Staff, name: str, **parts: Any) -> Trial:
    return run(Asked(OPERATIONS[name], **parts), staff, stage.context, uuid.uuid4())


def linked_enterprise(stage: Stage, staff: Staff) -> Enterprise:
    body = {"enterprise": {"name": "Harbor", "practices_attributes": [{"name": "Main"}]}}
    call(stage, staff, "enterprises.create", body=body)
    return Enterprise.objects.get()


def test_a_read_leaves_an_exchange_and_an_entry_and_says_the_budget(stage: Stage, operator: Staff) -> None:
    trial = call(stage, operator, "enterprises.list", query={"per_page": "5"})
    exchange = Exchange.objects.get(pk=trial.exchange)
    assert (exchange.origin, exchange.lane, exchange.actor) == ("explorer", "interactive", "user:ola")
    assert exchange.credential_fingerprint == stage.key.fingerprint
    assert Answer.objects.get(exchange=exchange.pk).outcome == "accepted"
    assert Entry.objects.filter(action="try_it_run", correlation_id=exchange.correlation_id).exists()
    assert trial.budget is not None and trial.budget > 1


def test_an_enterprise_made_by_it_is_in_the_mirror_with_its_practices_to_be_read(
    stage: Stage, writer: Staff
) -> None:
    enterprise = linked_enterprise(stage, writer)
    (there,) = stage.there("enterprises")
    assert (enterprise.name, enterprise.remote_id, enterprise.adopted) == ("Harbor", there["id"], True)
    assert enterprise.sync_state == "in_sync"


def test_a_patient_made_by_it_is_linked_with_typed_fields_from_the_answer(
    stage: Stage, writer: Staff
) -> None:
    enterprise = linked_enterprise(stage, writer)
    attributes = {
        "enterprise_id": enterprise.remote_id,
        "first_name": "Nadia",
        "last_name": "Example",
        "date_of_birth": "1984-03-09",
        "sex": "F",
        "cell_phone": "203-555-0142",
    }
    trial = call(stage, writer, "patients.create", body={"patient": attributes})
    patient = Patient.objects.get()
    assert (trial.record, trial.mirrored) == (patient.record_name, "made")
    assert (patient.first_name, str(patient.date_of_birth), patient.sex) == ("Nadia", "1984-03-09", "Female")
    assert (patient.sync_state, patient.dirty) == ("in_sync", [])
    assert Exchange.objects.get(pk=trial.exchange).enterprise == enterprise.pk
    assert Entry.objects.filter(action="patient_entered", patient=patient.pk).exists()


def test_an_update_by_it_changes_our_row_and_leaves_an_edit_of_ours_alone(
    stage: Stage, writer: Staff
) -> None:
    enterprise = linked_enterprise(stage, writer)
    names = {"enterprise_id": enterprise.remote_id, "first_name": "Nadia", "last_name": "Example"}
    call(stage, writer, "patients.create", body={"patient": names})
    patient = Patient.objects.get()
    patient.city = "Derby"
    patient.save()
    remote = patient.remote_id
    body = {"id": remote, "patient": {"last_name": "Changed", "city": "Milford"}}
    trial = call(stage, writer, "patients.update", path={"id": str(remote)}, body=body)
    patient.refresh_from_db()
    assert (patient.last_name, patient.city) == ("Changed", "Derby")
    assert (trial.mirrored, patient.sync_state) == ("conflict", "conflict")
    assert Exchange.objects.get(pk=trial.exchange).patient == patient.pk


def test_a_record_of_an_enterprise_that_is_not_here_stays_out_and_says_so(
    stage: Stage, writer: Staff
) -> None:
    enterprise = linked_enterprise(stage, writer)
    Enterprise.objects.filter(pk=enterprise.pk).update(remote_id=None)
    names = {"enterprise_id": enterprise.remote_id, "first_name": "Nadia", "last_name": "Example"}
    trial = call(stage, writer, "patients.create", body={"patient": names})
    assert (trial.mirrored, trial.record) == ("not_here", "")
    assert not Patient.objects.exists()


def test_a_chart_number_that_another_patient_has_keeps_the_new_one_out(stage: Stage, writer: Staff) -> None:
    enterprise = linked_enterprise(stage, writer)
    make_patient(enterprise, health_record_id="C-7")
    names = {"enterprise_id": enterprise.remote_id, "first_name": "Nadia", "last_name": "Example"}
    trial = call(stage, writer, "patients.create", body={"patient": {**names, "health_record_id": "C-7"}})
    assert (trial.mirrored, Patient.objects.count()) == ("clash", 1)


def test_what_a_column_can_not_hold_is_a_difference_and_never_sent_as_cleared(
    stage: Stage, writer: Staff
) -> None:
    enterprise = linked_enterprise(stage, writer)
    names = {"enterprise_id": enterprise.remote_id, "first_name": "Nadia", "last_name": "Example"}
    said = {**names, "language": "L" * 100, "ssn": "801-31-3292"}
    call(stage, writer, "patients.create", body={"patient": said})
    patient = Patient.objects.get()
    assert (patient.language, patient.dirty, patient.sync_state) == ("", [], "in_sync")
    assert Difference.objects.get(record_id=patient.pk).attributes == ["language"]
    enterprise.allow_ssn = True
    enterprise.save()
    patient = Patient.objects.get()
    patient.recompute()
    assert patient.dirty == []


def test_a_create_without_an_answer_is_unknown_and_nothing_is_claimed(stage: Stage, writer: Staff) -> None:
    enterprise = linked_enterprise(stage, writer)
    stage.sandbox.fault(kind="drop_after", operation="patients.create", count=1)
    names = {"enterprise_id": enterprise.remote_id, "first_name": "Nadia", "last_name": "Example"}
    trial = call(stage, writer, "patients.create", body={"patient": names})
    assert Answer.objects.get(exchange=trial.exchange).outcome == "unknown"
    assert (trial.mirrored, trial.record) == ("", "")
    assert len(stage.there()) == 1 and not Patient.objects.exists()


def test_the_same_form_sent_twice_is_sent_once(stage: Stage, writer: Staff) -> None:
    asked, token = (
        Asked(OPERATIONS["enterprises.create"], body={"enterprise": {"name": "Once"}}),
        uuid.uuid4(),
    )
    first = run(asked, writer, stage.context, token)
    with pytest.raises(SentBefore) as again:
        run(asked, writer, stage.context, token)
    assert again.value.trial == first
    assert len(stage.there("enterprises")) == 1


def test_a_write_while_sending_is_stopped_is_not_sent(stage: Stage, writer: Staff) -> None:
    brakes.stop(stage.context, "the key is being changed")
    with pytest.raises(NotSent) as refused:
        call(stage, writer, "enterprises.create", body={"enterprise": {"name": "Never"}})
    assert refused.value.reason == "stopped"
    assert call(stage, writer, "enterprises.list").exchange
    assert stage.there("enterprises") == []


@pytest.mark.parametrize(
    ("body", "named"),
    [({"patient": {"enterprise_id": 1}}, "patient.first_name"), ({"patients": {}}, "patients")],
)
def test_what_breaks_the_contract_is_named_and_not_sent(
    stage: Stage, writer: Staff, body: Any, named: str
) -> None:
    with pytest.raises(NotSent) as refused:
        call(stage, writer, "patients.create", body=body)
    assert refused.value.reason == "not_valid" and named in refused.value.detail
    assert not Exchange.objects.exists() and not Trial.objects.exists()


def test_without_a_key_nothing_is_sent(stage: Stage, operator: Staff) -> None:
    as_owner("DELETE FROM accounts_apikey")
    with pytest.raises(NotSent, match="no_key"):
        call(stage, operator, "enterprises.list")


def in_order() -> list[Operation]:
    """Creates before updates, parents before their children, as the table has them."""
    return sorted(
        with_body(), key=lambda one: (one.action == "update", one.name == "payment_adjustments.create")
    )


def test_every_example_works_as_the_form_is_filled_with_it(stage: Stage, writer: Staff) -> None:
    make_patient(make_enterprise())  # not there yet: an example must not name them
    outcomes = {}
    for operation in in_order():
        ids = prefill.chosen(writer)
        found = stage.there(operation.resource)
        ids |= {operation.root: found[-1]["id"]} if found and operation.action == "update" else {}
        path = {"id": str(ids[operation.root])} if "{id}" in operation.path else {}
        filled = prefill.body(operation, ids) or {}
        body = {**filled, "id": ids[operation.root]} if "id" in filled else filled
        trial = call(stage, writer, operation.name, path=path, body=body)
        answer = Answer.objects.get(exchange=trial.exchange)
        outcomes[operation.name] = (answer.outcome, trial.mirrored)
    assert {name for name, (outcome, _) in outcomes.items() if outcome != "accepted"} == set(), outcomes
    assert Invoice.objects.count() == 2 and Patient.objects.count() == 2
    assert {word for _, word in outcomes.values()} <= {"made", "taken", "no_mirror", "apart"}, outcomes


def test_a_delete_marks_our_row_as_missing_there(stage: Stage, administrator: Staff, writer: Staff) -> None:
    enterprise = linked_enterprise(stage, writer)
    body = {"doctor": {"enterprise_id": enterprise.remote_id, "first_name": "Lena", "last_name": "Okafor"}}
    made = call(stage, writer, "doctors.create", body=body)
    (there,) = stage.there("doctors")
    with pytest.raises(NotSent, match="administrators"):
        call(stage, writer, "doctors.delete", path={"id": str(there["id"])})
    gone = call(stage, administrator, "doctors.delete", path={"id": str(there["id"])})
    assert (gone.record, gone.mirrored) == (made.record, "gone")
    assert enterprise.doctors.get().sync_state == "missing_there"
