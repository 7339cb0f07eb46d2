"""Enterprise: the practice group a partner bills for. It comes first; everything else hangs below it."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models

from partnerportal.kernel.folding import begins_index, contains_index
from partnerportal.records.models.mirror import Mirror
from partnerportal.records.wire.attributes import Wire
from partnerportal.records.wire.enterprise import ENTERPRISE

ADDRESS_FIELDS = ("address_line_1", "address_line_2", "city", "state", "zip")
_TRACKED = (
    "name", *ADDRESS_FIELDS, "support_phone_number", "time_zone", "sales_tax", "source_id",
    "default_quick_pay_description", "statement_descriptor", "color_statements", "first_class",
    "return_envelope", "perforation", "allow_ssn", "remote_id",
)  # fmt: skip


class Address(models.Model):
    """A US postal address as the API holds it."""

    address_line_1 = models.CharField("Address", max_length=255, blank=True)
    address_line_2 = models.CharField("Address, second line", max_length=255, blank=True)
    city = models.CharField("City", max_length=255, blank=True)
    state = models.CharField("State", max_length=60, blank=True)
    zip = models.CharField("ZIP", max_length=20, blank=True)

    class Meta:
        abstract = True


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    fields=_TRACKED,
    model_name="EnterpriseEvent",
)
class Enterprise(Mirror, Address):
    """One client of the partner. `adopted`: it was at Inbox Health before it was here."""

    wire: ClassVar[Wire] = ENTERPRISE
    enterprise_path: ClassVar[str] = "pk__"

    source_id = models.CharField("Id in your files", max_length=120, blank=True)
    name = models.CharField("Name", max_length=255, blank=True)
    support_phone_number = models.CharField("Support phone", max_length=40, blank=True)
    time_zone = models.CharField("Time zone", max_length=60, blank=True)
    sales_tax = models.DecimalField(
        "Sales tax, percent", max_digits=6, decimal_places=3, null=True, blank=True
    )
    default_quick_pay_description = models.CharField("Quick pay description", max_length=255, blank=True)
    statement_descriptor = models.CharField("Statement descriptor", max_length=22, blank=True)
    color_statements = models.BooleanField("Color statements", null=True, blank=True)
    first_class = models.BooleanField("First class mail", null=True, blank=True)
    return_envelope = models.BooleanField("Return envelope", null=True, blank=True)
    perforation = models.BooleanField("Perforation", null=True, blank=True)
    allow_ssn = models.BooleanField("Import and send SSNs", default=False)
    adopted = models.BooleanField(default=False, editable=False)
    practices_read_at = models.DateTimeField(null=True, editable=False)
    patients_read_at = models.DateTimeField(null=True, editable=False)
    doctors_read_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["name", "id"], name="enterprise_by_name"),
            models.Index(fields=["sync_state", "id"], name="enterprise_by_state"),
            contains_index("name", "enterprise_name_folded"),
            begins_index("source_id", "enterprise_source_begins"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source_id"], condition=~models.Q(source_id=""), name="enterprise_source_id"
            )
        ]
