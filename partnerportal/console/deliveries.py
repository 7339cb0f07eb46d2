"""Deliveries: the list with views and filters, and [Send 2 again…] for what failed. Imports delivery_rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from partnerportal.console import delivery_rows, keyset
from partnerportal.console.delivery_words import STATES, TURNS
from partnerportal.console.filters import Filters
from partnerportal.delivery.models import Delivery, DeliveryQuerySet, Plan
from partnerportal.delivery.plans import make_plan, of_records
from partnerportal.delivery.sentences import cause_words
from partnerportal.records.models import RECORDS, Enterprise

VIEWS: tuple[tuple[str, str, Q], ...] = (
    ("", "All", Q()),
    ("needs-you", "Needs you", Q(needs_person_since__isnull=False)),
    ("on-their-way", "On their way", Q(state__in=Delivery.OPEN, needs_person_since=None)),
    ("failed", "Failed", Q(state="failed")),
    ("delivered", "Delivered", Q(state="delivered")),
)
MOST_CHOICES = 200


class DeliveryFilters(Filters):
    """State, cause, enterprise and lane, within a view."""

    SHOWN = ("state", "enterprise")
    VIEWS = tuple(slug for slug, *_ in VIEWS)
    NARROW = {
        "state": lambda rows, state: rows.filter(state=state),
        "enterprise": lambda rows, enterprise: rows.filter(enterprise=enterprise),
        "cause": lambda rows, cause: rows.filter(cause_key=cause),
        "lane": lambda rows, lane: rows.filter(lane=lane),
    }
    state = forms.ChoiceField(label="State", required=False)
    enterprise = forms.ModelChoiceField(Enterprise.objects.none(), label="Enterprise", required=False)
    cause = forms.ChoiceField(label="Cause", required=False)
    lane = forms.ChoiceField(label="Turn", required=False)

    def __init__(self, data: Any, user: Any) -> None:
        super().__init__(data)
        seen = Enterprise.objects.visible_to(user).light().order_by("name", "pk")
        self.rows("enterprise", seen, lambda row: row.name or row.short_id)
        self.choices("state", [(name, word.text) for name, word in STATES.items()])
        self.choices("cause", _with_asked(causes(user), str(data.get("cause", "")), user))
        self.choices("lane", list(TURNS.items()))

    def say(self, name: str, value: Any) -> str:
        return (value.name or value.short_id) if isinstance(value, Enterprise) else super().say(name, value)


def causes(user: Any) -> list[tuple[str, str]]:
    """Causes of what needs a person now, the most frequent first, in words."""
    rows = Delivery.objects.visible_to(user).filter(needs_person_since__isnull=False).exclude(cause_key="")
    found = rows.values("cause_key", "noun").annotate(n=Count("pk")).order_by("-n")[:MOST_CHOICES]
    return list({row["cause_key"]: cause_words(row["cause_key"], row["noun"]) for row in found}.items())


def _with_asked(known: list[tuple[str, str]], asked: str, user: Any) -> list[tuple[str, str]]:
    """A cause that needs nobody any more is still one: a batch's page leads to what failed of it."""
    found = Delivery.objects.visible_to(user).filter(cause_key=asked) if asked else Delivery.objects.none()
    noun = None if asked in dict(known) else found.order_by("pk").values_list("noun", flat=True).first()
    return known if noun is None else [*known, (asked, cause_words(asked, noun))]


def delivery_list(request: HttpRequest) -> HttpResponse:
    filters = DeliveryFilters(request.GET, request.user)
    rows = chosen(request.user, filters)
    page = keyset.slice_of(rows, request.GET)
    context = {
        "title": "Deliveries",
        "filters": filters,
        "tabs": [(slug, label) for slug, label, _ in VIEWS],
        "tab": filters.tab_value,
        "page": page,
        "rows": delivery_rows.rows_of(page.rows, request.user),
        "again": _again(request, rows),
        "last_delivered": None if page.rows else _last_delivered(request.user),
    }
    return render(request, "sending/deliveries.html", context)


def chosen(user: Any, filters: DeliveryFilters) -> DeliveryQuerySet:
    """The deliveries that a person sees with these filters, in their view."""
    where = next(condition for slug, _, condition in VIEWS if slug == filters.tab_value)
    rows = Delivery.objects.visible_to(user).select_related("batch")
    found: DeliveryQuerySet = filters.narrowed(rows.filter(where))
    return found


def _last_delivered(user: Any) -> datetime | None:
    """When something last arrived, as near as the newest delivered row tells."""
    newest = (
        Delivery.objects.visible_to(user).filter(state="delivered").order_by("-pk").only("settled_at").first()
    )
    return newest.settled_at if newest else None


def _again(request: HttpRequest, chosen: DeliveryQuerySet) -> list[tuple[str, str]]:
    """(noun, "Send 2 patients again…") for what failed among the rows that are shown."""
    if not request.user.has_perm("delivery.push"):
        return []
    failed = chosen.failed_still().filter(kind=Delivery.Kind.PUSH).order_by()
    groups = failed.values("noun").annotate(n=Count("pk")).order_by("-n")
    return [(g["noun"], f"Send {of_records(g['n'], g['noun'])} again…") for g in groups]


@require_POST
def deliveries_again(request: HttpRequest) -> HttpResponse:
    """The records of what failed, within the filters, as a plan."""
    noun = request.POST.get("noun", "")
    rows = chosen(request.user, DeliveryFilters(request.POST, request.user))
    failed = rows.failed_still().filter(kind=Delivery.Kind.PUSH, noun=noun)
    batch = request.POST.get("batch", "")
    if batch.isascii() and batch.isdigit() and len(batch) < 19:
        failed = failed.filter(batch_id=int(batch))
    if noun not in RECORDS or not failed.exists():
        messages.info(request, "Nothing failed any more with these filters.")
        return redirect("deliveries")
    records = RECORDS[noun].objects.visible_to(request.user)
    rows_again = records.filter(pk__in=failed.order_by().values("record_id"))
    plan = make_plan(request.user, noun, rows_again)  # type: ignore[arg-type]
    title = f"Send {of_records(sum(plan.counts.values()), noun)} again"
    Plan.objects.filter(pk=plan.pk).update(title=title, origin_url="/sending/deliveries/")
    return redirect("plan", plan.pk)
