"""The switches: each sentence of the contract that is only assumed, and the ways it may be otherwise.

Plain data and one small class; imports nothing of the sandbox.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Switch:
    """One assumption: its name, the values it can take (the first is the default), and what it stands for."""

    name: str
    allowed: tuple[str, ...]
    sentence: str

    @property
    def default(self) -> str:
        return self.allowed[0]


SWITCHES = {
    switch.name: switch
    for switch in (
        Switch("create_status", ("201", "200"), "A create answers 201."),
        Switch("delete_status", ("200", "204"), "Success is any 2xx; a delete answers with the record."),
        Switch("sort_desc", ("yes", "ignored", "refused"), "sort=-id lists the newest first."),
        Switch("sort_updated_at", ("yes", "ignored"), "Lists sort by attributes other than id."),
        Switch("filters", ("honoured", "ignored"), "filter[attribute]=value narrows a list."),
        Switch("filter_text", ("contains", "exact"), "A filter on text means: contains, in any case."),
        Switch("per_page_max", ("100", "25"), "A page holds at most 100 rows."),
        Switch("meta", ("present", "absent"), "Lists carry a meta object."),
        Switch("external_ids", ("kept", "dropped"), "external_ids of a request are kept and answered."),
        Switch("unknown_attributes", ("ignored", "refused"), "Unknown attributes are ignored."),
        Switch("error_status", ("422", "400"), "Invalid attributes are answered with 422."),
        Switch("error_shape", ("errors", "message", "empty"), "Errors name each attribute with messages."),
        Switch("retry_after", ("sometimes", "always", "never"), "Retry-After sometimes comes with a 429."),
        Switch("limit_scope", ("key", "account"), "Requests are counted per API key."),
        Switch("key_schemes", ("both", "basic", "x-api-key"), "Basic and x-api-key both open the API."),
        Switch("phone_rewrite", ("yes", "no"), "Phones come back as (203) 555-5555."),
        Switch("timestamps", ("ms", "seconds"), "Instants carry milliseconds."),
        Switch(
            "nested_practices_in_answer", ("no", "yes"), "An enterprise's answer does not hold practices."
        ),
        Switch("nested_line_items_in_answer", ("no", "yes"), "An invoice's answer does not hold line items."),
        Switch("negative_invoice", ("counts", "ignored"), "A negative invoice is a credit and counts."),
        Switch(
            "pending_invoice_balance",
            ("full", "zero"),
            "While insurance owes, an invoice's balance is answered as it will be.",
        ),
        Switch("write_offs", ("reduce", "no_effect"), "Write-offs lower the patient's balance."),
        Switch(
            "zero_insurance_payment",
            ("changes_nothing", "clears_insurance"),
            "A $0 insurance payment with a reason changes no balance.",
        ),
        Switch("void_after_refund", ("refused", "allowed"), "A refunded payment can't be voided any more."),
        Switch("overpaid_invoice", ("allowed", "refused"), "More may be applied to an invoice than it asks."),
        Switch(
            "deleted_invoice_payments",
            ("kept", "released", "refused"),
            "Payments stay applied to an invoice that is deleted.",
        ),
        Switch(
            "payment_invoice_id",
            ("applies", "ignored"),
            "A payment's top-level invoice_id applies it up to the invoice's balance.",
        ),
        Switch(
            "apply_payment_default",
            ("enterprise", "no"),
            "Without apply_payment the enterprise's setting decides.",
        ),
        Switch("apply_spread", ("oldest_first", "newest_first"), "apply_payment pays the oldest first."),
        Switch("card_payments", ("refused", "accepted"), "A partner can't record card payments."),
        Switch("check_payments", ("accepted", "refused"), "A payment may be a check."),
        Switch("quick_pay_order", ("invoice_first", "payment_first"), "Quick pay makes the invoice first."),
        Switch("quick_pay_answer", ("both", "payment"), "Quick pay answers invoice and payment."),
        Switch(
            "billing_status_moves",
            ("by_request", "with_balance"),
            "Only a request moves a billing status.",
        ),
        Switch(
            "figures_send_events",
            ("no", "yes"),
            "A patient or payment is not updated when only its reckoned figures change.",
        ),
        Switch(
            "signing_key",
            ("until_touched", "newest_at_once"),
            "After a rotation the old key signs events until the endpoint is touched.",
        ),
        Switch("event_retries", ("backoff", "none"), "An event that was not taken is sent again."),
        Switch("endpoints", ("all", "create_only"), "Endpoints can be listed, read, updated and deleted."),
        Switch("account_types", ("all", "create_only"), "Account types can be listed, read and updated."),
    )
}


class Assumptions:
    """Where each switch stands now. Reading an unknown name is a KeyError, turning one a ValueError."""

    def __init__(self, chosen: Iterable[str] = ()) -> None:
        self._values = {name: switch.default for name, switch in SWITCHES.items()}
        for pair in chosen:
            name, _, value = pair.partition("=")
            self.turn(name, value)
        self._started = dict(self._values)

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def turn(self, name: str, value: str) -> None:
        """Set one switch. Raises ValueError, naming what is allowed."""
        switch = SWITCHES.get(name)
        if switch is None:
            raise ValueError(f"no assumption is called {name!r}; there are: {', '.join(SWITCHES)}")
        if value not in switch.allowed:
            raise ValueError(f"{name} takes {' or '.join(switch.allowed)}, not {value!r}")
        self._values[name] = value

    def restore(self) -> None:
        """All switches as they were at the start."""
        self._values = dict(self._started)

    def values(self) -> dict[str, str]:
        return dict(self._values)


def describe() -> str:
    """The table as text, one switch a line, the default first."""
    return "\n".join(f"{s.name}={'|'.join(s.allowed)}  {s.sentence}" for s in SWITCHES.values())
