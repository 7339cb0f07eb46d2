"""One journey with one assumption of the contract turned: creates, lost answers, updates, money."""

from __future__ import annotations

from tests.journeys.scenes import fault
from tests.journeys.yard import Slot

OTHER_SUMS = {("write_offs", "no_effect")}  # both sides reckon otherwise then, and the portal shows it
# The switches that a list of money, or what is owed, has to do with.
CONCERNED = (
    "create_status", "sort_desc", "per_page_max", "meta", "unknown_attributes", "error_shape",
    "nested_line_items_in_answer", "negative_invoice", "pending_invoice_balance", "write_offs",
    "zero_insurance_payment", "overpaid_invoice", "deleted_invoice_payments", "apply_payment_default",
    "billing_status_moves", "figures_send_events",
)  # fmt: skip
ACTS = (
    ("invoices.create", "visit"), ("payments.create", "payment"), ("invoice_payments.create", "applied"),
    ("line_items.create", "line"), ("write_offs.create", "write-off"),
)  # fmt: skip
X_API_KEY = ("key_schemes", "x-api-key")


def turned(slot: Slot, name: str, value: str) -> list[str]:
    """What is wrong afterwards."""
    slot.sandbox.assume(**{name: value})
    slot.run("open_key", scheme="x-api-key" if (name, value) == X_API_KEY else "basic")
    slot.run("make", name="South", practices=2, patients=3)
    slot.run("ask", name="South")
    for kind, operation in (
        ("429", "patients.create"), ("drop_after", "enterprises.create"), ("drop_after", "patients.create"),
        ("drop_before", "patients.create"), ("half", "patients.update"),
    ):  # fmt: skip
        fault(slot, kind, operation)
    said = [slot.run("work")]
    slot.run("edit", name="South")
    slot.run("ask", name="South")
    said.append(slot.run("work"))
    for operation, act in ACTS if name in CONCERNED else ():
        slot.run("money", name="South", what=act)
        fault(slot, "drop_after", operation)
        said.append(slot.run("work"))
    differs = list(slot.run("disagreements")) if name in CONCERNED else []
    owed = [] if bool(differs) == ((name, value) in OTHER_SUMS) else [f"balances that differ: {differs}"]
    return [each for each in said if each != "quiet"] + owed + list(slot.run("verify"))
