"""Encrypted columns: unreadable at rest, equal for equal values, readable over a change of keys."""

from __future__ import annotations

import base64
import os

import pytest
from django.core.exceptions import FieldError
from django.db import connection

from partnerportal.kernel import keyring
from partnerportal.records.models import Patient
from tests.cast import make_enterprise, make_patient

PLACE = "records_patient.ssn"


def stored(patient: Patient) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("SELECT ssn FROM records_patient WHERE id = %s", [patient.pk])
        return bytes(cursor.fetchone()[0])


@pytest.mark.django_db
def test_an_ssn_is_unreadable_in_the_table_and_keeps_its_ciphertext_when_unchanged() -> None:
    patient = make_patient(make_enterprise(), ssn="999-76-6866")
    first = stored(patient)
    assert b"6866" not in first
    patient.city = "Boston"
    patient.save()
    assert stored(patient) == first
    assert Patient.objects.get(pk=patient.pk).ssn == "999-76-6866"


@pytest.mark.django_db
def test_an_encrypted_column_can_not_be_compared_in_a_query() -> None:
    with pytest.raises(FieldError):
        list(Patient.objects.filter(ssn="999-76-6866"))


@pytest.mark.django_db
def test_history_knows_the_ssn_by_its_fingerprint_only() -> None:
    patient = make_patient(make_enterprise(), ssn="999-76-6866")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_jsonb(e)::text FROM records_patientevent e WHERE pgh_obj_id = %s", [patient.pk]
        )
        kept = cursor.fetchone()[0]
    assert patient.ssn_fingerprint in kept
    assert "6866" not in kept.replace(patient.ssn_fingerprint, "")


def test_a_value_is_read_with_the_key_that_wrote_it_after_a_new_one_came_first(settings: object) -> None:
    old = settings.FIELD_ENCRYPTION_KEYS  # type: ignore[attr-defined]
    kept = keyring.encrypt(b"value", PLACE)
    settings.FIELD_ENCRYPTION_KEYS = [base64.urlsafe_b64encode(os.urandom(32)).decode(), *old]  # type: ignore[attr-defined]
    assert keyring.decrypt(kept, PLACE) == b"value"
    assert keyring.encrypt(b"value", PLACE) != kept
    settings.FIELD_ENCRYPTION_KEYS = settings.FIELD_ENCRYPTION_KEYS[:1]  # type: ignore[attr-defined]
    with pytest.raises(keyring.Unreadable):
        keyring.decrypt(kept, PLACE)


def test_an_altered_value_is_refused() -> None:
    kept = bytearray(keyring.encrypt(b"value", PLACE))
    kept[-1] ^= 1
    with pytest.raises(keyring.Unreadable):
        keyring.decrypt(bytes(kept), PLACE)
