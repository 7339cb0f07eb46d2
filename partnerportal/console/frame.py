"""The sidebar: one declarative list of groups and entries, shown by permission. Add a page's entry here.

Imports the console's access table only, so that an entry can't be shown to someone its page refuses.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse

from partnerportal.console.access import RULES


@dataclass(frozen=True)
class Entry:
    """One link. `badge` names a count of badges.py; `also` are further path prefixes it stands for."""

    title: str
    icon: str
    url: str
    badge: str = ""
    colour: str = "blue"
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    title: str
    entries: tuple[Entry, ...]


MENU: tuple[Group, ...] = (
    Group(
        "",
        (
            Entry("Account Settings", "manage_accounts", "account", also=("/accounts/",)),
            Entry("Needs you", "notification_important", "needs", badge="needs", colour="red"),
        ),
    ),
    Group(
        "Onboarding",
        (
            Entry(
                "Enterprises",
                "apartment",
                "admin:records_enterprise_changelist",
                also=("/records/practice/", "/records/doctor/"),
            ),
            Entry("Files", "upload_file", "files"),
        ),
    ),
    Group(
        "Patients",
        (
            Entry("Patients", "group", "admin:records_patient_changelist"),
            Entry(
                "Invoices", "receipt_long", "admin:records_invoice_changelist", also=("/records/line_item/",)
            ),
            Entry("Payments", "payments", "admin:records_payment_changelist"),
            Entry("Balances", "balance", "balances"),
        ),
    ),
    Group(
        "Sending",
        (
            Entry("Batches", "stacks", "batches", badge="batches"),
            Entry("Deliveries", "outbox", "deliveries"),
            Entry("Differences", "difference", "differences", badge="differences", colour="red"),
        ),
    ),
    Group(
        "Webhooks",
        (
            Entry("Endpoints", "webhook", "endpoints"),
            Entry("Events", "notifications", "events", badge="events", colour="red"),
        ),
    ),
    Group(
        "Audit",
        (
            Entry("Exchanges", "swap_horiz", "exchanges"),
            Entry("Entries", "history_edu", "entries"),
        ),
    ),
    Group(
        "Administration",
        (Entry("Staff", "badge", "staff"), Entry("Keys", "key", "keys")),
    ),
    Group("Help", (Entry("Guide", "menu_book", "guide"), Entry("API reference", "api", "reference"))),
)


@dataclass(frozen=True)
class Link:
    """An entry as one person sees it on one page."""

    title: str
    icon: str
    href: str
    active: bool
    badge: int
    colour: str


def menu_for(user: Any, path: str, badges: dict[str, int]) -> list[tuple[str, list[Link]]]:
    """Groups with the entries whose page this person may open; a group without any is left out."""
    shown = [(group.title, [e for e in group.entries if _may_open(user, e)]) for group in MENU]
    active = _active([entry for _, entries in shown for entry in entries], path)
    return [
        (title, [_link(entry, entry is active, badges) for entry in entries])
        for title, entries in shown
        if entries
    ]


def _may_open(user: Any, entry: Entry) -> bool:
    rule = RULES.get(entry.url)
    return bool(rule and rule.allows(user, "GET") and _href(entry))


def _href(entry: Entry) -> str:
    try:
        return reverse(entry.url)
    except NoReverseMatch:
        return ""


def _active(entries: list[Entry], path: str) -> Entry | None:
    """The entry with the longest prefix of this path."""
    found = [
        (len(prefix), index)
        for index, entry in enumerate(entries)
        for prefix in (_href(entry), *entry.also)
        if path.startswith(prefix)
    ]
    return entries[max(found)[1]] if found else None


def _link(entry: Entry, active: bool, badges: dict[str, int]) -> Link:
    return Link(entry.title, entry.icon, _href(entry), active, badges.get(entry.badge, 0), entry.colour)
