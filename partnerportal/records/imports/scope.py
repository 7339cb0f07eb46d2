"""Whose eyes an import has: it names and matches only enterprises that its person may see. Imports models."""

from __future__ import annotations

from partnerportal.accounts.models import Staff
from partnerportal.records.models import Enterprise, Import, MirrorQuerySet


def enterprises(file_import: Import) -> MirrorQuerySet:
    """All for a command (it has no person), the scope of the person who uploaded it otherwise."""
    if file_import.job.staff_id is None:
        return Enterprise.objects.all()
    staff = Staff.objects.get(pk=file_import.job.staff_id)
    visible: MirrorQuerySet = Enterprise.objects.visible_to(staff)
    return visible
