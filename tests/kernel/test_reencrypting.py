"""An old encryption key can be retired: everything moves to the first key, and no audited row is touched."""

from __future__ import annotations

import base64
import os
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, models
from pytest_django import Settings

from partnerportal.accounts.models import ApiKey
from partnerportal.audit import entries, sealed
from partnerportal.audit.context import Context
from partnerportal.audit.models import APPEND_ONLY, Entry
from partnerportal.kernel import keyring
from partnerportal.kernel.fields import EncryptedField
from partnerportal.records.models import ImportPiece, Patient
from tests.audit import rows as audit
from tests.cast import make_enterprise, make_patient
from tests.owner import owning

pytestmark = pytest.mark.django_db(transaction=True)


def reencrypt() -> None:
    with owning():
        call_command("reencrypt")


def new_key() -> str:
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


def test_after_it_the_old_key_is_not_needed_and_no_audited_row_changed(settings: Settings) -> None:
    old = settings.FIELD_ENCRYPTION_KEYS
    patient = make_patient(make_enterprise(), ssn="999-76-6866")
    entries.write("patient_revealed", Context(actor="user:anna", origin="console"), {"field": "ssn"})
    audit.answer(audit.exchange({"patient": {"first_name": "Ed"}}))
    before, history = _audited(), _history_of(patient)

    settings.FIELD_ENCRYPTION_KEYS = [new_key(), *old]
    reencrypt()
    settings.FIELD_ENCRYPTION_KEYS = settings.FIELD_ENCRYPTION_KEYS[:1]

    assert Patient.objects.get(pk=patient.pk).ssn == "999-76-6866"
    assert sealed.unseal(Entry.objects.get()) == {"field": "ssn"}
    assert _audited() == before
    assert _history_of(patient) == history
    assert not any(_under_another_key())


def test_a_second_run_finds_nothing_to_do(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    make_patient(make_enterprise(), ssn="999-76-6866")
    settings.FIELD_ENCRYPTION_KEYS = [new_key(), *settings.FIELD_ENCRYPTION_KEYS]
    reencrypt()
    assert "records_patient: 0 moved" not in capsys.readouterr().out
    reencrypt()
    assert all(" 0 moved, 0 can't" in line for line in capsys.readouterr().out.splitlines()[:-1])


def test_it_says_what_no_key_opens_and_goes_on_with_the_rest(settings: Settings) -> None:
    lost = make_patient(make_enterprise(), ssn="999-76-6866")
    kept, settings.FIELD_ENCRYPTION_KEYS = settings.FIELD_ENCRYPTION_KEYS, [new_key()]
    make_patient(lost.enterprise, ssn="999-76-6867")
    settings.FIELD_ENCRYPTION_KEYS = [new_key(), *settings.FIELD_ENCRYPTION_KEYS]
    with pytest.raises(CommandError, match=r"\d+ values can't be read"):
        reencrypt()
    assert len([table for table in _under_another_key() if table == "records_patient.ssn"]) == 1
    settings.FIELD_ENCRYPTION_KEYS = [*settings.FIELD_ENCRYPTION_KEYS, *kept]
    reencrypt()
    assert not any(_under_another_key())


@pytest.mark.parametrize("model", [ImportPiece, Patient, ApiKey])
def test_a_value_moved_to_another_column_can_not_be_read(model: type[models.Model]) -> None:
    (place, *_) = [f.place for f in model._meta.concrete_fields if isinstance(f, EncryptedField)]
    stored = keyring.encrypt(b"value", place)
    with pytest.raises(keyring.Altered):
        keyring.decrypt(stored, "records_patient.remote_copy")


def test_history_keeps_no_encrypted_column() -> None:
    """Its triggers would copy a value that is bound to another table."""
    kept = [
        f.place for model in apps.get_models() if hasattr(model, "pgh_obj_id")
        for f in model._meta.concrete_fields if isinstance(f, EncryptedField)
    ]  # fmt: skip
    assert kept == []


def _audited() -> list[Any]:
    return [list(model.objects.order_by("pk").values_list()) for model in APPEND_ONLY]


def _history_of(patient: Patient) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM records_patientevent WHERE pgh_obj_id = %s", [patient.pk])
        return int(cursor.fetchone()[0])


def _under_another_key() -> list[str]:
    """The place of each stored value that the first key did not write, read by plain SQL."""
    fields = [
        field for model in apps.get_models() for field in model._meta.concrete_fields
        if isinstance(field, EncryptedField)
    ]  # fmt: skip
    found = []
    with connection.cursor() as cursor:
        for field in fields:
            table, column = field.place.split(".")
            cursor.execute(f'SELECT "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL')
            stored = [bytes(row[0]) for row in cursor.fetchall()]
            found += [field.place for value in stored if not value.startswith(keyring.current_prefix())]
    return found
