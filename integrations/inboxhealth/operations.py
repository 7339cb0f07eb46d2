"""The table of operations: every resource and operation of the contract's section 4, one row each.

Owns names, verbs, paths and models; client, sandbox routes, API reference and contract tests read it. May
import nouns and contract only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from integrations.inboxhealth.contract.model import AnyRecord, Record, Request
from integrations.inboxhealth.contract.notification import NotificationRecord
from integrations.inboxhealth.contract.payment import PaymentRecord
from integrations.inboxhealth.contract.quick_pay import QuickPayRequest
from integrations.inboxhealth.contract.sftp_upload import ImportBatchRequest
from integrations.inboxhealth.nouns import NOUNS, Noun


@dataclass(frozen=True)
class Operation:
    """One request that the API knows.

    `path` is below the API base (below the host root for the sandbox's own); `request` is the model of the
    whole body, root key included; `response` the model of one record, found below `root` in the answer
    (`root` is empty where no root key is documented, and names the list where `paged`). `repeatable`: sending
    it twice can't change anything there. `binary`: the answer is a file, not JSON.
    """

    name: str
    verb: str
    path: str
    resource: str
    root: str
    request: type[Request] | None
    response: type[Record] | None
    paged: bool
    repeatable: bool
    source: str
    binary: bool = False
    host_root: bool = False

    @property
    def action(self) -> str:
        """The name after its noun: list, get, create, update, delete, or a sub-collection."""
        return self.name.partition(".")[2]

    @property
    def writes(self) -> bool:
        """Whether it changes something there. A PUT does: repeated blindly it may undo an edit."""
        return self.verb != "GET"


# Contract 4, last column. A sub-collection lists records of the noun of the same name; those without are
# untyped.
SUB_COLLECTIONS: dict[str, str] = {
    "enterprises": "practices patients doctors payment_reasons write_off_codes billing_cycle_templates "
    "admin_organizations deposit_accounts card_readers transfers enterprise_invoices enterprise_payments "
    "enterprise_payment_infos appointment_templates api_integrations",
    "practices": "invoices practice_users users doctors",
    "doctors": "practices invoices shifts",
    "patients": "invoices payments notifications patient_payment_infos",
    "invoices": "line_items payments invoice_payments notifications",
}

_RECORDS: dict[str, type[Record]] = {noun.resource: noun.record for noun in NOUNS} | {
    "notifications": NotificationRecord
}


def _of_noun(noun: Noun) -> Iterator[Operation]:
    plain, one = f"/{noun.resource}", f"/{noun.resource}/{{id}}"
    rows = {
        "l": ("list", "GET", plain, noun.resource, None),
        "g": ("get", "GET", one, noun.root, None),
        "c": ("create", "POST", plain, noun.root, noun.create),
        "u": ("update", "PUT", one, noun.root, noun.update),
        "d": ("delete", "DELETE", one, noun.root, None),
    }
    for letter in noun.operations:
        action, verb, path, root, body = rows[letter]
        yield Operation(
            name=f"{noun.resource}.{action}",
            verb=verb,
            path=path,
            resource=noun.resource,
            root=root,
            request=body,
            response=noun.record,
            paged=action == "list",
            repeatable=verb == "GET",
            source=noun.source,
        )


def _sub_collections() -> Iterator[Operation]:
    for parent, names in SUB_COLLECTIONS.items():
        for name in names.split():
            yield Operation(
                name=f"{parent}.{name}",
                verb="GET",
                path=f"/{parent}/{{id}}/{name}",
                resource=name,
                root=name,
                request=None,
                response=_RECORDS.get(name, AnyRecord),
                paged=True,
                repeatable=True,
                source="[D] contract 4",
            )


QUICK_PAY = Operation(
    name="payments.quick_pay",
    verb="POST",
    path="/payments/quick_pay",
    resource="payments",
    # What it answers is documented nowhere, so no root key is demanded of it.
    root="",
    request=QuickPayRequest,
    response=PaymentRecord,
    paged=False,
    repeatable=False,
    source="[D] contract 4",
)
DOWNLOAD = Operation(
    name="attachments.download",
    verb="GET",
    path="/attachments/{id}/download",
    resource="attachments",
    root="",
    request=None,
    response=None,
    paged=False,
    repeatable=True,
    source="[D] contract 4",
    binary=True,
)
IMPORT_BATCH = Operation(
    name="sftp_uploads.create_import_batch",
    verb="POST",
    path="/sftp_uploads/create_import_batch",
    resource="sftp_uploads",
    root="",
    request=ImportBatchRequest,
    response=None,
    paged=False,
    repeatable=False,
    source="[D] contract 4",
)
GENERATE_KEY = Operation(
    name="sandbox.generate_key",
    verb="POST",
    path="/_sandbox/keys",
    resource="sandbox",
    root="",
    request=None,
    response=None,
    paged=False,
    repeatable=False,
    source="ours",
    host_root=True,
)


def _table() -> dict[str, Operation]:
    rows = [operation for noun in NOUNS for operation in _of_noun(noun)]
    rows += [*_sub_collections(), QUICK_PAY, DOWNLOAD, IMPORT_BATCH]
    return {row.name: row for row in rows}


OPERATIONS: dict[str, Operation] = _table()
SANDBOX_OPERATIONS: dict[str, Operation] = {GENERATE_KEY.name: GENERATE_KEY}
