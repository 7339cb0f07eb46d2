"""The codes of an enterprise: why a payment was less, why a debt is written off, which kind an account is."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from partnerportal.records.models.billed import Billed
from partnerportal.records.models.mirror import Mirror
from partnerportal.records.wire.attributes import Wire
from partnerportal.records.wire.codes import ACCOUNT_TYPE, PAYMENT_REASON, WRITE_OFF_CODE


class EnterpriseCode(Billed):
    """A code with a description, once an enterprise."""

    code = models.CharField("Code", max_length=60)
    description = models.CharField("Description", max_length=255, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "code"], name="%(class)s_once"),
        ]

    def parents(self) -> list[Mirror]:
        return [self.enterprise]


class PaymentReason(EnterpriseCode):
    """Why insurance or a patient paid less, such as CO-3."""

    wire: ClassVar[Wire] = PAYMENT_REASON


class WriteOffCode(EnterpriseCode):
    """Why a debt is written off, such as 044 Debt forgiveness. The API can't change one."""

    wire: ClassVar[Wire] = WRITE_OFF_CODE

    class Meta(EnterpriseCode.Meta):
        verbose_name = "write-off code"


class AccountType(Billed):
    """A category of patients, such as "no statements"."""

    wire: ClassVar[Wire] = ACCOUNT_TYPE

    name = models.CharField("Name", max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enterprise", "name"], name="accounttype_once")]

    def parents(self) -> list[Mirror]:
        return [self.enterprise]
