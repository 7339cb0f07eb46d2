"""The error catalogue: which entry a failure has, wherever it is shown. Pure tables and look-ups.

Every failure is named by a stable word of code, or (in files) by the sentence it was refused with. Imports
the entries only.
"""

from __future__ import annotations

from partnerportal.console import (
    catalogue_files,
    catalogue_hooks,
    catalogue_reading,
    catalogue_rows,
    catalogue_sending,
    catalogue_trying,
)
from partnerportal.console.catalogue_entry import Entry

ENTRIES: tuple[Entry, ...] = (
    *catalogue_sending.ENTRIES,
    *catalogue_files.ENTRIES,
    *catalogue_rows.ENTRIES,
    *catalogue_hooks.ENTRIES,
    *catalogue_reading.ENTRIES,
    *catalogue_trying.ENTRIES,
)
BY_SLUG = {entry.slug: entry for entry in ENTRIES}
_BY_WORD = {word: entry for entry in ENTRIES for word in entry.words}
# Where a word is none of the table's: what every word of its domain has in common.
REST = {
    "delivery": "refused-for-another-reason",
    "blocked": "waits-for-its-parent",
    "undecided": "undecided",
    "event": "event-failed",
    "endpoint": "endpoint-suspect",
    "key": "key-not-tested",
    "brake": "sending-stopped",
    "checkpoint": "database-restored",
    "file": "file-not-readable",
    "row": "row-not-valid",
    "pull": "list-not-read",
    "export": "export-not-written",
    "balance": "balance-differs",
    "worker": "worker-silent",
    "record": "not-valid",
    "try": "try-refused",
}
_BEGINNINGS = {
    "delivery": (
        ("http_4", "refused-for-another-reason"),
        ("http_", "inbox-health-failed"),  # 500 and above, and numbers that are no status
        ("unproven_", "undecided-not-proven"),
        ("refused_", "undecided-not-proven"),
        ("decided_", "ended-without-sending"),
        ("by ", "ended-without-sending"),
    ),
    "pull": (("http_4", "list-refused"), ("http_", "list-without-answer")),
}


def known(domain: str, word: str) -> Entry | None:
    """The entry of a word of code, such as ("delivery", "key_refused"); None where the table has none."""
    found = _BY_WORD.get(f"{domain}:{word}")
    if found is None:
        slug = next((slug for start, slug in _BEGINNINGS.get(domain, ()) if word.startswith(start)), "")
        found = BY_SLUG.get(slug)
    return found


def of(domain: str, word: str) -> Entry:
    """The entry of a word; of an unknown one what all of its domain have in common."""
    return known(domain, word) or BY_SLUG[REST[domain]]


def signed(domain: str, sentence: str) -> Entry | None:
    """The entry whose sign stands in the sentence that refused a file ("file") or a row ("row")."""
    entries = catalogue_files.ENTRIES if domain == "file" else catalogue_rows.ENTRIES
    return next((entry for entry in entries if any(sign in sentence for sign in entry.signs)), None)


def of_sentence(domain: str, sentence: str) -> Entry:
    return signed(domain, sentence) or BY_SLUG[REST[domain]]


def of_cause(kind: str, cause: str) -> Entry:
    """The entry of a group on Needs you: `kind` as there, `cause` a cause key or a reason."""
    word, _, names = cause.partition(":")
    if kind == "undecided" or word == "undecided":
        return of("undecided", (names or word).removeprefix("looked_"))
    if kind in ("alike", "not_valid"):
        return of("blocked", {"alike": "looks_alike"}.get(kind, kind))
    return of("blocked" if kind == "blocked" else "delivery", word)


def of_delivery(state: str, reason: str, cause_key: str, *, needs_person: bool) -> Entry | None:
    """The entry of a delivery as it stands; None where nothing is wrong with it."""
    if state == "blocked":
        return of("blocked", reason)
    if state == "unknown":
        return of_cause("undecided", cause_key or reason) if needs_person else of("delivery", reason)
    if state == "failed" or needs_person:
        return of_cause("failed", cause_key or reason)
    if reason and state in ("waiting", "pending", "cancelled"):
        return known("delivery", reason)
    return None


def groups() -> list[tuple[str, list[Entry]]]:
    """The table as its page lists it."""
    found: dict[str, list[Entry]] = {}
    for entry in ENTRIES:
        found.setdefault(entry.group, []).append(entry)
    return list(found.items())
