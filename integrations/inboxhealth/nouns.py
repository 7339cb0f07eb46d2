"""The nouns of section 4: which operations each has, with which bodies, and what it answers.

Owns the rows that operations.py spells out. May import contract only.
"""

from __future__ import annotations

from dataclasses import dataclass

from integrations.inboxhealth.contract.attachment import AttachmentRecord, AttachmentRequest
from integrations.inboxhealth.contract.body import create_body, update_body
from integrations.inboxhealth.contract.doctor import DoctorAttributes, DoctorRecord, DoctorRequest
from integrations.inboxhealth.contract.endpoint import EndpointAttributes, EndpointRecord, EndpointRequest
from integrations.inboxhealth.contract.enterprise import (
    EnterpriseAttributes,
    EnterpriseRecord,
    EnterpriseRequest,
)
from integrations.inboxhealth.contract.invoice import InvoiceChange, InvoiceRecord, InvoiceRequest
from integrations.inboxhealth.contract.invoice_payment import (
    InvoicePaymentAttributes,
    InvoicePaymentRecord,
    InvoicePaymentRequest,
)
from integrations.inboxhealth.contract.line_item import LineItemAttributes, LineItemRecord, LineItemRequest
from integrations.inboxhealth.contract.model import Email, Id, Record, Request
from integrations.inboxhealth.contract.patient import PatientAttributes, PatientRecord, PatientRequest
from integrations.inboxhealth.contract.payment import PaymentChange, PaymentRecord, PaymentRequest
from integrations.inboxhealth.contract.payment_adjustment import (
    PaymentAdjustmentRecord,
    PaymentAdjustmentRequest,
)
from integrations.inboxhealth.contract.practice import PracticeAttributes, PracticeRecord, PracticeRequest
from integrations.inboxhealth.contract.reason import (
    AccountTypeAttributes,
    AccountTypeRecord,
    AccountTypeRequest,
    CodeAttributes,
    PaymentReasonRecord,
    PaymentReasonRequest,
    WriteOffCodeRecord,
    WriteOffCodeRequest,
)
from integrations.inboxhealth.contract.sftp_upload import SftpUploadRecord
from integrations.inboxhealth.contract.staff import AdminOrganizationRecord, UserRecord
from integrations.inboxhealth.contract.write_off import WriteOffRecord, WriteOffRequest


@dataclass(frozen=True)
class Noun:
    """One resource: its plural in paths, its root key, its record, its bodies, and which operations exist.

    `operations` are letters: l list, g get, c create, u update, d delete. `source` is the mark of the
    contract.
    """

    resource: str
    root: str
    record: type[Record]
    operations: str
    create: type[Request] | None = None
    update: type[Request] | None = None
    source: str = "[D] contract 4"


_ASSUMED = "[D] contract 4; list, get, update and delete [A]"

NOUNS: tuple[Noun, ...] = (
    Noun(
        "enterprises",
        "enterprise",
        EnterpriseRecord,
        "lgcu",
        create_body("enterprise", EnterpriseRequest),
        update_body("enterprise", EnterpriseAttributes),
    ),
    Noun(
        "practices",
        "practice",
        PracticeRecord,
        "lgcud",
        create_body("practice", PracticeRequest),
        update_body("practice", PracticeAttributes),
    ),
    Noun(
        "doctors",
        "doctor",
        DoctorRecord,
        "lgcud",
        create_body("doctor", DoctorRequest),
        update_body("doctor", DoctorAttributes),
    ),
    Noun(
        "patients",
        "patient",
        PatientRecord,
        "lgcu",
        create_body("patient", PatientRequest),
        update_body("patient", PatientAttributes),
    ),
    # A top-level `email` asks for mail to that address: sent only when a person asked for it.
    Noun(
        "invoices",
        "invoice",
        InvoiceRecord,
        "lgcud",
        create_body("invoice", InvoiceRequest, email=Email),
        update_body("invoice", InvoiceChange, email=Email),
    ),
    Noun(
        "line_items",
        "line_item",
        LineItemRecord,
        "gcud",
        create_body("line_item", LineItemRequest),
        update_body("line_item", LineItemAttributes),
        "[D] contract 4; delete [O]",
    ),
    # A top-level `invoice_id` is documented and its effect is not ([A]), so the portal never sends it.
    Noun(
        "payments",
        "payment",
        PaymentRecord,
        "lgcu",
        create_body("payment", PaymentRequest, invoice_id=Id),
        update_body("payment", PaymentChange),
    ),
    Noun(
        "invoice_payments",
        "invoice_payment",
        InvoicePaymentRecord,
        "gcu",
        create_body("invoice_payment", InvoicePaymentRequest),
        update_body("invoice_payment", InvoicePaymentAttributes),
    ),
    Noun(
        "payment_adjustments",
        "payment_adjustment",
        PaymentAdjustmentRecord,
        "gc",
        create_body("payment_adjustment", PaymentAdjustmentRequest, voided=bool),
    ),
    Noun(
        "payment_reasons",
        "payment_reason",
        PaymentReasonRecord,
        "lgcu",
        create_body("payment_reason", PaymentReasonRequest),
        update_body("payment_reason", CodeAttributes),
    ),
    Noun(
        "write_off_codes",
        "write_off_code",
        WriteOffCodeRecord,
        "lgc",
        create_body("write_off_code", WriteOffCodeRequest),
    ),
    Noun("write_offs", "write_off", WriteOffRecord, "lgc", create_body("write_off", WriteOffRequest)),
    Noun(
        "account_types",
        "account_type",
        AccountTypeRecord,
        "lgcu",
        create_body("account_type", AccountTypeRequest),
        update_body("account_type", AccountTypeAttributes),
        _ASSUMED,
    ),
    Noun(
        "attachments",
        "attachment",
        AttachmentRecord,
        "lgcud",
        create_body("attachment", AttachmentRequest),
        update_body("attachment", AttachmentRequest),
    ),
    Noun(
        "endpoints",
        "endpoint",
        EndpointRecord,
        "lgcud",
        create_body("endpoint", EndpointRequest),
        update_body("endpoint", EndpointAttributes),
        _ASSUMED,
    ),
    Noun("admin_organizations", "admin_organization", AdminOrganizationRecord, "l"),
    Noun("users", "user", UserRecord, "l"),
    Noun("sftp_uploads", "sftp_upload", SftpUploadRecord, "l"),
)
