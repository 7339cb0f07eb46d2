"""The mirror's models, one file a noun."""

from partnerportal.records.models.doctor import Doctor
from partnerportal.records.models.enterprise import Enterprise
from partnerportal.records.models.imports import Import, ImportedRecord, ImportPiece, ImportRow
from partnerportal.records.models.mirror import Mirror, MirrorQuerySet
from partnerportal.records.models.patient import Patient
from partnerportal.records.models.practice import Practice
from partnerportal.records.models.scope import Scope
from partnerportal.records.models.sighting import Floor, Sighting

NOUNS: dict[str, type[Mirror]] = {
    "enterprise": Enterprise,
    "practice": Practice,
    "doctor": Doctor,
    "patient": Patient,
}

__all__ = [
    "NOUNS",
    "Doctor",
    "Enterprise",
    "Floor",
    "Import",
    "ImportPiece",
    "ImportRow",
    "ImportedRecord",
    "Mirror",
    "MirrorQuerySet",
    "Patient",
    "Practice",
    "Scope",
    "Sighting",
]
