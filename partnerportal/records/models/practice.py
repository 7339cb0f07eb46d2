"""Practice: a place of an enterprise where patients are seen."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models

from partnerportal.kernel.folding import contains_index
from partnerportal.records.models.enterprise import ADDRESS_FIELDS, Address, Enterprise
from partnerportal.records.models.mirror import Mirror
from partnerportal.records.wire.attributes import Wire
from partnerportal.records.wire.practice import PRACTICE


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    fields=("enterprise", "name", *ADDRESS_FIELDS, "time_zone", "remote_id"),
    model_name="PracticeEvent",
)
class Practice(Mirror, Address):
    """Goes out with its enterprise's create, or on its own once the enterprise is there."""

    wire: ClassVar[Wire] = PRACTICE

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="practices")
    name = models.CharField("Name", max_length=255, blank=True)
    time_zone = models.CharField("Time zone", max_length=60, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["name", "id"], name="practice_by_name"),
            models.Index(fields=["sync_state", "id"], name="practice_by_state"),
            contains_index("name", "practice_name_folded"),
            contains_index("city", "practice_city_folded"),
        ]
