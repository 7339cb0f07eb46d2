"""What is worth knowing about a record though it keeps nothing from being sent. Imports records and rules."""

from __future__ import annotations

from typing import Any

from partnerportal.console import formats
from partnerportal.records.models import Patient
from partnerportal.records.rules import npi_warning

OF_AGE = 18


def notes(record: Any) -> list[str]:
    """Sentences for the page; [] where there is nothing to say."""
    if record.noun == "patient":
        return [note for note in (_twin(record), _minor(record), _unreachable(record)) if note]
    if record.noun == "doctor":
        warning = npi_warning(record.npi)
        return [f"The NPI’s check digit looks wrong: {warning}"] if warning else []
    return []


def _twin(patient: Patient) -> str:
    """Another patient of the enterprise with the same name and date of birth."""
    if not (patient.last_name and patient.date_of_birth):
        return ""
    twin = (
        Patient.objects.filter(
            enterprise_id=patient.enterprise_id,
            last_name__iexact=patient.last_name,
            first_name__iexact=patient.first_name,
            date_of_birth=patient.date_of_birth,
        )
        .exclude(pk=patient.pk)
        .values_list("pk", flat=True)
        .first()
    )
    return f"Looks like P-{twin}: the same name and date of birth." if twin else ""


def _minor(patient: Patient) -> str:
    born = patient.date_of_birth
    return "Under 18: statements go to whoever is responsible." if born and formats.age(born) < OF_AGE else ""


def _unreachable(patient: Patient) -> str:
    if any((patient.cell_phone, patient.home_phone, patient.work_phone, patient.email, patient.zip)):
        return ""
    return "No phone, no e-mail and no ZIP: no statement reaches this person."
