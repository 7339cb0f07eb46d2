"""The mirror's models, one file a noun."""

from partnerportal.records.models.billed import Billed
from partnerportal.records.models.codes import AccountType, PaymentReason, WriteOffCode
from partnerportal.records.models.difference import Difference
from partnerportal.records.models.doctor import Doctor
from partnerportal.records.models.endpoint import Endpoint
from partnerportal.records.models.enterprise import Enterprise
from partnerportal.records.models.export import Export, ExportPiece
from partnerportal.records.models.imports import Import, ImportedRecord, ImportPiece, ImportRow
from partnerportal.records.models.invoice import Invoice
from partnerportal.records.models.invoice_payment import InvoicePayment, PaymentAdjustment
from partnerportal.records.models.joining import Joined, NotSame
from partnerportal.records.models.line_item import LineItem
from partnerportal.records.models.mirror import Mirror, MirrorQuerySet
from partnerportal.records.models.notification import Notification
from partnerportal.records.models.onboarding import Onboarding, OnboardingNote
from partnerportal.records.models.patient import Patient
from partnerportal.records.models.payment import Payment
from partnerportal.records.models.practice import Practice
from partnerportal.records.models.remembered import RememberedColumns, RememberedNames
from partnerportal.records.models.scope import Scope
from partnerportal.records.models.sighting import Floor, Sighting
from partnerportal.records.models.surplus import Surplus
from partnerportal.records.models.write_off import WriteOff

NOUNS: dict[str, type[Mirror]] = {
    "enterprise": Enterprise,
    "practice": Practice,
    "doctor": Doctor,
    "patient": Patient,
}
MONEY: dict[str, type[Billed]] = {
    "payment_reason": PaymentReason,
    "write_off_code": WriteOffCode,
    "account_type": AccountType,
    "invoice": Invoice,
    "line_item": LineItem,
    "payment": Payment,
    "invoice_payment": InvoicePayment,
    "payment_adjustment": PaymentAdjustment,
    "write_off": WriteOff,
}
# All that the outbox can send, parents before their children.
RECORDS: dict[str, type[Mirror]] = {**NOUNS, **MONEY, "endpoint": Endpoint}

__all__ = [
    "MONEY",
    "NOUNS",
    "RECORDS",
    "AccountType",
    "Billed",
    "Difference",
    "Doctor",
    "Endpoint",
    "Enterprise",
    "Export",
    "ExportPiece",
    "Floor",
    "Import",
    "ImportPiece",
    "ImportRow",
    "ImportedRecord",
    "Invoice",
    "InvoicePayment",
    "Joined",
    "LineItem",
    "Mirror",
    "MirrorQuerySet",
    "NotSame",
    "Notification",
    "Onboarding",
    "OnboardingNote",
    "Patient",
    "Payment",
    "PaymentAdjustment",
    "PaymentReason",
    "Practice",
    "RememberedColumns",
    "RememberedNames",
    "Scope",
    "Sighting",
    "Surplus",
    "WriteOff",
    "WriteOffCode",
]
