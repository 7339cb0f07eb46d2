"""The page of one record: band, tabs, what it holds, where it differs there, its story. GET only."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from partnerportal.audit import entries
from partnerportal.console import both_sides, remedies, shown, standing, worth_knowing
from partnerportal.console.listpage import ListPage
from partnerportal.console.permitted import permitted
from partnerportal.console.record_list_pages import list_context
from partnerportal.console.record_lists import LISTINGS
from partnerportal.console.story import story_for
from partnerportal.delivery.models import Delivery
from partnerportal.records.joining import survivor_of
from partnerportal.records.models import NOUNS, RECORDS, Doctor, Patient, Practice

REMOVABLE = ("practice", "doctor", "patient")  # an invoice and a line have pages of their own for it
EDITABLE = (*NOUNS, "invoice", "line_item", "payment")  # codes are on their enterprise's tab
DELETABLE = EDITABLE
CHILDREN: dict[str, Any] = {"practices": Practice, "doctors": Doctor, "patients": Patient}

_FIRST = {"patient": "Record", "invoice": "Invoice", "payment": "Payment"}
# Tabs of a noun besides its first and its story: (key, label, URL name that takes the primary key).
_MORE: dict[str, tuple[tuple[str, str, str], ...]] = {
    "patient": (("balance", "Balance", "balance"), ("notifications", "Notifications", "notifications")),
    "enterprise": (("codes", "Codes", "codes"),),
}


def in_sight(request: HttpRequest, noun: str, pk: int) -> Any:
    """The record, or 404: out of scope is as unknown as never made."""
    rows = RECORDS[noun].objects.visible_to(request.user)
    return get_object_or_404(rows if noun == "enterprise" else rows.select_related("enterprise"), pk=pk)


def record_page(request: HttpRequest, noun: str, pk: int) -> HttpResponse:
    record = in_sight(request, noun, pk)
    context = {
        **frame_of(request, record, "details"),
        "groups": shown.groups(record, request.user),
        "differences": both_sides.differences(record, request.user),
        "notes": worth_knowing.notes(record),
    }
    return render(request, "records/record.html", context)


def record_story(request: HttpRequest, noun: str, pk: int) -> HttpResponse:
    record = in_sight(request, noun, pk)
    context = {
        **frame_of(request, record, "story"),
        "story": story_for(record, request.user, request.GET),
    }
    return render(request, "records/record_story.html", context)


def enterprise_children(request: HttpRequest, pk: int, children: str) -> HttpResponse:
    """A tab of an enterprise that is a list: its practices, doctors or patients."""
    record = in_sight(request, "enterprise", pk)
    noun = CHILDREN[children].wire.noun
    page = ListPage(LISTINGS[noun], request.user, request.GET, held={"enterprise": str(pk)})
    context = {
        **list_context(request, page),
        **frame_of(request, record, children),
        "noun": noun,
        "may_add": permitted(request.user, "add", noun),
        "add_href": reverse(f"admin:records_{noun}_add") + f"?enterprise={pk}",
    }
    return render(request, "records/record_children.html", context)


def frame_of(request: HttpRequest, record: Any, tab: str) -> dict[str, Any]:
    """What all tabs of a record share: title, band, tabs, the primary button."""
    delivery = standing.deliveries_of([record]).get(record.pk)
    user = request.user
    gone = record.noun == "patient" and record.removed and survivor_of(record)
    return {
        "title": str(record),
        "record": record,
        "opened": entries.newest(),
        "enterprise": record if record.noun == "enterprise" else record.enterprise,
        "delivery": delivery,
        "sentence": standing.sentence(record, delivery),
        "primary": remedies.primary_act(record, delivery, user),
        "tabs": _tabs(record, tab),
        "joined_into": gone or None,
        "may_undo": _undoable(delivery) and user.has_perm("delivery.push"),
        "may_edit": record.noun in EDITABLE and permitted(user, "change", record.noun) and not gone,
        "may_link": user.has_perm("delivery.push") and record.remote_id is None and not gone,
        "may_delete": record.noun in DELETABLE
        and permitted(user, "delete", record.noun)
        and record.remote_id is None
        and not gone,
        "may_remove": permitted(user, "change", record.noun) and _removable(record),
        "may_reveal": user.has_perm(shown.REVEAL),
        "may_bill": record.noun == "patient" and _may_bill(user) and not record.is_removed,
    }


def _may_bill(user: Any) -> bool:
    return bool(permitted(user, "change", "patient") and user.has_perm("delivery.push"))


def _undoable(delivery: Delivery | None) -> bool:
    """What was asked and is not sent yet can be taken back."""
    return delivery is not None and delivery.state in Delivery.UNSENT


def _removable(record: Any) -> bool:
    return record.remote_id is not None and record.noun in REMOVABLE and not record.is_removed


def _tabs(record: Any, now: str) -> list[tuple[str, str, int | None, bool]]:
    """(label, address, count or None, whether it is this page)."""
    name = f"admin:records_{record.noun}"
    first = _FIRST.get(record.noun, "Details")
    tabs: list[tuple[str, str, str, int | None]] = [
        ("details", first, reverse(f"{name}_change", args=[record.pk]), None)
    ]
    if record.noun == "enterprise":
        for key, model in CHILDREN.items():
            count = model.objects.filter(enterprise_id=record.pk).count()
            tabs.append((key, key.capitalize(), reverse(f"{name}_{key}", args=[record.pk]), count))
        tabs.insert(1, ("onboarding", "Onboarding", reverse(f"{name}_onboarding", args=[record.pk]), None))
        tabs.append(("duplicates", "Duplicates", reverse(f"{name}_duplicates", args=[record.pk]), None))
    tabs += [
        (k, label, reverse(address, args=[record.pk]), None)
        for k, label, address in _MORE.get(record.noun, ())
    ]
    tabs.append(("story", "Story", reverse(f"{name}_story", args=[record.pk]), None))
    return [(label, href, count, key == now) for key, label, href, count in tabs]
