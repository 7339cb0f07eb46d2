"""What is worth knowing about a record though it keeps nothing from being sent. Imports records and rules."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import format_html

from partnerportal.console import formats
from partnerportal.console.audit_words import actor
from partnerportal.records import duplicates
from partnerportal.records.models import Joined, Patient
from partnerportal.records.rules import npi_warning

OF_AGE = 18


def notes(record: Any) -> list[str]:
    """Sentences for the page; [] where there is nothing to say."""
    if record.noun == "patient":
        plain = [note for note in (_minor(record), _unreachable(record)) if note]
        return [] if record.removed else [*_twins(record), *_absorbed(record), *plain]
    if record.noun == "doctor":
        warning = npi_warning(record.npi)
        return [f"The NPI’s check digit looks wrong: {warning}"] if warning else []
    return []


def _twins(patient: Patient) -> list[str]:
    """Others of the enterprise that may be the same person, each with the way to compare the two."""
    return [
        format_html(
            'Looks like P-{}: may be the same person. <a href="{}">Compare the two</a>',
            pk,
            reverse("admin:records_patient_compare", args=[pk, patient.pk]),
        )
        for pk in duplicates.suspects_of(patient)
    ]


def _absorbed(patient: Patient) -> list[str]:
    """Who was joined into it."""
    rows = Joined.objects.filter(survivor=patient).order_by("at")
    return [
        format_html(
            '<a href="{}">P-{}</a> was joined into this one by {}, {}.',
            reverse("admin:records_patient_change", args=[row.surplus_id]),
            row.surplus_id,
            actor(row.actor),
            formats.instant(row.at),
        )
        for row in rows
    ]


def _minor(patient: Patient) -> str:
    born = patient.date_of_birth
    return "Under 18: statements go to whoever is responsible." if born and formats.age(born) < OF_AGE else ""


def _unreachable(patient: Patient) -> str:
    if any((patient.cell_phone, patient.home_phone, patient.work_phone, patient.email, patient.zip)):
        return ""
    return "No phone, no e-mail and no ZIP: no statement reaches this person."
