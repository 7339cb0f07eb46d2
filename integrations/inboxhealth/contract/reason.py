"""The codes that explain money: payment reasons, write-off codes, and the account types of patients.

Owns their request and record models. May import contract.model only.
"""

from __future__ import annotations

from integrations.inboxhealth.contract.model import Id, Name, Record, Request


class CodeAttributes(Request):
    """What a code of an enterprise may be sent with; all optional. Contract 4."""

    enterprise_id: Id | None = None
    code: Name | None = None
    description: str | None = None


class PaymentReasonRequest(CodeAttributes):
    """A payment reason to create."""

    enterprise_id: Id
    code: Name


class WriteOffCodeRequest(CodeAttributes):
    """A write-off code to create. It can't be changed afterwards."""

    enterprise_id: Id
    code: Name


class AccountTypeAttributes(Request):
    """What an account type may be sent with [A]: a category such as "no statements". Contract 4."""

    enterprise_id: Id | None = None
    name: Name | None = None


class AccountTypeRequest(AccountTypeAttributes):
    """An account type to create [A]."""

    enterprise_id: Id
    name: Name


class _CodeRecord(Record):
    id: int | None = None
    created_at: str | None = None
    updated_at: str | None = None
    enterprise_id: int | None = None
    code: str | None = None
    description: str | None = None


class PaymentReasonRecord(_CodeRecord):
    """A payment reason as the API answers it."""


class WriteOffCodeRecord(_CodeRecord):
    """A write-off code as the API answers it."""


class AccountTypeRecord(Record):
    """An account type as the API answers it."""

    id: int | None = None
    created_at: str | None = None
    updated_at: str | None = None
    enterprise_id: int | None = None
    name: str | None = None
