"""What others did to a record while somebody has its page or form open: from the entries since then.

The id of the newest entry goes into the page, `since` reads on from it. Imports audit and records.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from partnerportal.audit import entries, reading
from partnerportal.audit.context import user_actor
from partnerportal.audit.models import Entry
from partnerportal.console import audit_words
from partnerportal.console.record_pages import in_sight
from partnerportal.kernel.ids import record_name
from partnerportal.records.models import RECORDS

MOST = 8
_VERBS = {
    "edited": "changed", "pushed": "asked to push it", "deleted": "deleted it",
    "marked_removed": "removed it",
    "joined": "joined another into it", "joined_away": "joined it into another",
    "link_asked": "asked to link it", "removal_asked": "asked to delete it there",
}  # fmt: skip


@dataclass(frozen=True)
class Act:
    """ "ola" "changed cell phone, city" at a time."""

    who: str
    did: str
    at: datetime

    @property
    def sentence(self) -> str:
        return f"{self.who} {self.did}"


def since(noun: str, pk: int, entry: int, user: Any) -> list[Act]:
    """What others than `user` changed about a record after an entry, oldest first; looks are left out."""
    rows = Entry.objects.filter(record=record_name(noun, pk), pk__gt=entry)
    others = rows.exclude(actor=user_actor(user.get_username())).order_by("pk")[: 10 * MOST]
    found = [(row, _VERBS.get(row.action.removeprefix(f"{noun}_"))) for row in others]
    return [_act(row, verb) for row, verb in found if verb][:MOST]


def _act(row: Entry, verb: str) -> Act:
    fields = _fields(row) if row.action.endswith("_edited") else ""
    return Act(audit_words.actor(row.actor), f"{verb} {fields}".strip(), row.at)


def _fields(row: Entry) -> str:
    """The labels of an edit; "it" where its detail can't be read any more."""
    detail = reading.detail(row).values
    model = RECORDS.get(row.record.partition(":")[0])
    names = [str(name) for name in detail.get("fields", [])]
    return ", ".join(_label(model, name) for name in names) or "it"


def _label(model: Any, name: str) -> str:
    label = str(model._meta.get_field(name).verbose_name) if model else name
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def asked(data: Any) -> int:
    """The mark that a page sent back; none is now."""
    text = data.get("opened", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else entries.newest()


def fragment(request: HttpRequest, noun: str, pk: int) -> HttpResponse:
    """What the open page asks for now and then; empty where nothing happened."""
    in_sight(request, noun, pk)
    acts = since(noun, pk, asked(request.GET), request.user)
    if not acts:
        return HttpResponse(status=204)
    return render(request, "records/meanwhile.html", {"acts": acts, "in_form": "form" in request.GET})
