"""Our words for the vendor's values, and the choices that forms offer. Pure. Source: pages, "Labels"."""

from __future__ import annotations

from typing import Any

from partnerportal.records.state import SyncState

BILLING = {
    "complete": "Nothing due",
    "billable": "Ready to bill",
    "scheduled": "Billing starts",
    "no_response": "No response",
    "collections": "Collections",
    "excluded": "Never bill",
}
SETTABLE_BILLING = ("complete", "excluded")  # the others start something, and are no matter of a form
SEX = {"Male": "Male", "Female": "Female"}
TIME_ZONES = (  # the API takes the names that Rails gives them (contract, section 4)
    "Eastern Time (US & Canada)",
    "Indiana (East)",
    "Central Time (US & Canada)",
    "Mountain Time (US & Canada)",
    "Arizona",
    "Pacific Time (US & Canada)",
    "Alaska",
    "Hawaii",
    "Atlantic Time (Canada)",
)
FLAGS = {None: "Not said", True: "Yes", False: "No"}
# Values that Inbox Health's documents name (contract, its example of a patient). It takes others too.
EXAMPLES = {"language": ("English",), "marital_status": ("Single",), "contact_preference": ("both",)}
HINTS = {
    "source_id": "How your own files name it.",
    "health_record_id": "The chart number in your own system.",
    "date_of_birth": "10/26/1979, 1979-10-26 or Oct 26 1979.",
    "state": "Two letters, or the name.",
    "zip": "Five digits, or nine.",
    "npi": "Optional. Ten digits.",
    "allow_ssn": "Off, SSNs are left out of imports and never sent.",
    "statement_descriptor": "What a card statement shows, 22 characters at most.",
    "sales_tax": "Such as 6.35.",
    "billing_status": "Nothing here starts a statement.",
    "ssn": "Nine digits. Empty leaves it as it is.",
    "practice": "Where the patient is seen.",
    "account_type": "From the enterprise’s codes.",
    "language": "The language Inbox Health writes in. Its example: English.",
    "marital_status": "Optional. Inbox Health’s example: Single.",
    "contact_preference": "How Inbox Health reaches the patient. Its example: both.",
    "default_quick_pay_description": "What a payment is called when it is made in one step with its invoice.",
    "perforation": "Print statements on perforated paper, so that the payment slip tears off.",
    "color_statements": "Print statements in color.",
    "first_class": "Send paper statements as first class mail.",
    "return_envelope": "Put an envelope for the reply in with a paper statement.",
}


def billing(status: str) -> str:
    """An unknown status is shown as it came."""
    return BILLING.get(status, status)


def choice(row: Any, name: str) -> str:
    """A practice or doctor in a chooser: one that is gone there says so: naming it is refused."""
    gone = row.sync_state == SyncState.MISSING_THERE
    return f"{name or row.short_id} (not at Inbox Health any more)" if gone else name or row.short_id


def flag(value: bool | None) -> str:
    return FLAGS[value]
