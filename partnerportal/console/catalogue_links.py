"""Links to and from the error catalogue: a failure's entry, and the page where one goes on.

Imports the catalogue and the access table.
"""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch, reverse

from partnerportal.console import (
    catalogue,
    catalogue_files,
    catalogue_hooks,
    catalogue_reading,
    catalogue_rows,
    catalogue_sending,
    catalogue_trying,
)
from partnerportal.console.access import RULES
from partnerportal.console.catalogue_entry import Entry
from partnerportal.console.remedies import Act

_PLACES = {  # a group of entries → URL name, label, icon
    catalogue_sending.REFUSED: ("needs", "Go to Needs you", "notification_important"),
    catalogue_sending.LATER: ("deliveries", "Go to Deliveries", "outbox"),
    catalogue_sending.UNKNOWN: ("needs", "Go to Needs you", "notification_important"),
    catalogue_sending.BLOCKED: ("needs", "Go to Needs you", "notification_important"),
    catalogue_sending.ENDED: ("deliveries", "Go to Deliveries", "outbox"),
    catalogue_files.FILES: ("files", "Go to Files", "upload_file"),
    catalogue_rows.ROWS: ("files", "Go to Files", "upload_file"),
    catalogue_rows.MONEY: ("files", "Go to Files", "upload_file"),
    catalogue_hooks.EVENTS: ("events", "Go to Events", "webhook"),
    catalogue_hooks.KEYS: ("account", "Go to Account Settings", "key"),
    catalogue_hooks.STOPPED: ("deliveries", "Go to Deliveries", "outbox"),
    catalogue_reading.MIRROR: ("differences", "Go to Differences", "difference"),
    catalogue_reading.WORK: ("exports", "Go to Exports", "download"),
    catalogue_trying.TRY: ("reference", "Go to the API reference", "api"),
}
_OWN = {  # entries that go on elsewhere than their group
    "key-refused": ("account", "Go to Account Settings", "key"),
    "balance-differs": ("balances", "Go to Balances", "account_balance"),
    "balance-not-read": ("balances", "Go to Balances", "account_balance"),
    "worker-silent": ("deliveries", "Go to Deliveries", "outbox"),
    "try-no-key": ("account", "Go to Account Settings", "key"),
    "event-conflict": ("differences", "Go to Differences", "difference"),
    "event-only-there": ("differences", "Go to Differences", "difference"),
    "sending-stopped": ("brakes", "Go to what is stopped", "pause_circle"),
}


def address_of(entry: Entry | None) -> str:
    """The address of an entry's page; "" for none."""
    return reverse("guide_error", args=[entry.slug]) if entry else ""


def next_for(entry: Entry, user: Any) -> Act | None:
    """Where this person goes on from an entry; None where that page is not theirs or not here."""
    name, label, icon = _OWN.get(entry.slug) or _PLACES[entry.group]
    rule = RULES.get(name)
    try:
        return Act(label, reverse(name), icon) if rule and rule.allows(user, "GET") else None
    except NoReverseMatch:
        return None


def of_delivery(delivery: Any) -> str:
    """The address of what a delivery's state means; "" where nothing is wrong."""
    needs_person = delivery.needs_person_since is not None
    return address_of(
        catalogue.of_delivery(delivery.state, delivery.reason, delivery.cause_key, needs_person=needs_person)
    )


def of_record(record: Any) -> str:
    """The address of what a record's own state means; "" where nothing is wrong, or its delivery says it."""
    return address_of(catalogue.known("record", record.sync_state))


def of_endpoint(endpoint: Any) -> str:
    """The address of what keeps an endpoint from being active; "" for one that is, or is put off by hand."""
    if endpoint.removed:
        return ""
    taken = endpoint.delivery_state not in ("failed", "undecided", "blocked")
    if taken and (endpoint.remote_id is None or endpoint.paused):
        return ""
    word = endpoint.suspect_reason or endpoint.check_result if taken else endpoint.delivery_state
    return address_of(catalogue.known("endpoint", word))


def of_brake(brake: Any) -> str:
    """The address of what a stop means: what caused it, else what it is for."""
    return address_of(catalogue.known("brake", brake.cause) or catalogue.of("brake", brake.scope))


def of_event(event: Any) -> str:
    """The address of what became of an event; "" for one that was applied, or waits its turn."""
    if event.state == "failed":
        return address_of(catalogue.of("event", event.reason))
    return address_of(catalogue.known("event", event.reason) or catalogue.known("event", event.state))
