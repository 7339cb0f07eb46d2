"""The one button a record's state asks for. Imports delivery's sentences and words; shows nothing itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from partnerportal.console.permitted import permitted
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.sentences import remedy
from partnerportal.kernel.numbers import counted
from partnerportal.records.state import SyncState
from partnerportal.sync import lists


@dataclass(frozen=True)
class Act:
    """A button: a link, or a POST form where `post`. The ellipsis says that another page comes first."""

    label: str
    href: str
    icon: str
    post: bool = False


def primary_act(record: Any, delivery: Delivery | None, user: Any) -> Act | None:
    """What to do next with this record; None where nothing is, or nothing this person may do."""
    state = record.sync_state
    if state == SyncState.UNDECIDED and delivery is not None and user.has_perm("delivery.decide"):
        return Act("Decide…", reverse("delivery", args=[delivery.pk]), "live_help")
    two_sided = two_sided_act(record, user)
    if two_sided is not None:
        return two_sided
    if state == SyncState.NOT_VALID and permitted(user, "change", record.noun):
        return Act("Fix", edit_page(record), "build")
    if state == SyncState.FAILED and delivery is not None:
        return _after_failure(record, delivery, user)
    if state in PUSHABLE and user.has_perm("delivery.push"):
        return Act(_push_label(record), reverse("push_record"), "arrow_upward", post=True)
    if state == SyncState.IN_SYNC and record.noun == "patient" and permitted(user, "add", "invoice"):
        return Act(ASSIGN, reverse("assign_balance", args=[record.pk]), "add")
    return None


def two_sided_act(record: Any, user: Any) -> Act | None:
    """Where a record in conflict is decided, or one that is missing there is dealt with."""
    if record.noun not in lists.NOUNS:
        return None
    about, state = [record.noun, record.pk], record.sync_state
    decides = user.has_perm("delivery.decide") and permitted(user, "change", record.noun)
    if state == SyncState.CONFLICT and decides:
        return Act("Decide…", reverse("difference", args=about), "call_split")
    if state == SyncState.MISSING_THERE and user.has_perm("delivery.push"):
        return Act("What to do…", reverse("difference_missing", args=about), "link_off")
    return None


ASSIGN = "Assign a balance"
PUSHABLE = (SyncState.NOT_SENT, SyncState.CHANGED_HERE, SyncState.MISSING_THERE)


def _after_failure(record: Any, delivery: Delivery, user: Any) -> Act | None:
    word = remedy(delivery)
    if word == "Fix" and permitted(user, "change", record.noun):
        return Act("Fix", edit_page(record), "build")
    if word == "Replace the key" and user.has_perm("accounts.change_api_key"):
        return Act("Replace the key…", reverse("account"), "key")
    if user.has_perm("delivery.push"):
        return Act("Send again…", reverse("push_record"), "arrow_upward", post=True)
    return None


def _push_label(record: Any) -> str:
    if record.sync_state == SyncState.MISSING_THERE:
        return "Send again…"
    if record.sync_state == SyncState.CHANGED_HERE:
        return f"Push {counted(len(record.dirty), 'change')}…"
    return "Push…"


def edit_page(record: Any) -> str:
    return reverse(f"admin:records_{record.noun}_edit", args=[record.pk])
