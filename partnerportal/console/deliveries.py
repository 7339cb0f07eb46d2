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


class DeliveryFilters(forms.Form):
    """State, cause, enterprise and lane; all optional, within a view."""

    SHOWN = ("state", "enterprise")
    state = forms.ChoiceField(label="State", required=False)
    enterprise = forms.ModelChoiceField(Enterprise.objects.none(), label="Enterprise", required=False)
    cause = forms.ChoiceField(label="Cause", required=False)
    lane = forms.ChoiceField(label="Turn", required=False)

    def __init__(self, data: Any, user: Any) -> None:
        super().__init__(data)
        enterprises: Any = self.fields["enterprise"]
        enterprises.queryset = Enterprise.objects.visible_to(user).light().order_by("name", "pk")
        enterprises.empty_label = "Any"
        enterprises.label_from_instance = lambda row: row.name or row.short_id
        self._choices("state", [(name, word.text) for name, word in STATES.items()])
        self._choices("cause", causes(user))
        self._choices("lane", list(TURNS.items()))

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field: Any = self.fields[name]
        field.choices = [("", "Any"), *choices]

    @property
    def applied(self) -> dict[str, Any]:
        known = self.cleaned_data if self.is_valid() or self.cleaned_data else {}
        return {name: value for name, value in known.items() if value}

    @property
    def shown(self) -> list[forms.BoundField]:
        return [self[name] for name in self.SHOWN]

    @property
    def hidden_away(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in self.SHOWN]

    @property
    def more_used(self) -> bool:
        return any(field.name in self.applied for field in self.hidden_away)

    @property
    def tab_value(self) -> str:
        return str(self.data.get("tab", ""))

    def chips(self) -> list[tuple[str, str, str]]:
        found = []
        for name, value in self.applied.items():
            field: Any = self.fields[name]
            text = (
                (value.name or value.short_id)
                if isinstance(value, Enterprise)
                else dict(field.choices)[value]
            )
            found.append((name, str(field.label), str(text)))
        return found

    def narrowed(self, rows: DeliveryQuerySet) -> DeliveryQuerySet:
        if "enterprise" in self.errors:  # none, or outside the person's scope: not as good as not said
            return rows.none()
        columns = {"state": "state", "enterprise": "enterprise", "cause": "cause_key", "lane": "lane"}
        return rows.filter(**{columns[name]: value for name, value in self.applied.items()})


def causes(user: Any) -> list[tuple[str, str]]:
    """Causes of what needs a person now, the most frequent first, in words."""
    rows = Delivery.objects.visible_to(user).filter(needs_person_since__isnull=False).exclude(cause_key="")
    found = rows.values("cause_key", "noun").annotate(n=Count("pk")).order_by("-n")[:MOST_CHOICES]
    return list({row["cause_key"]: cause_words(row["cause_key"], row["noun"]) for row in found}.items())


def delivery_list(request: HttpRequest) -> HttpResponse:
    filters = DeliveryFilters(request.GET, request.user)
    tab = request.GET.get("tab", "")
    rows = chosen(request.user, filters, tab)
    page = keyset.slice_of(rows, request.GET)
    context = {
        "title": "Deliveries",
        "filters": filters,
        "tabs": [(slug, label) for slug, label, _ in VIEWS],
        "tab": tab,
        "page": page,
        "rows": delivery_rows.rows_of(page.rows, request.user),
        "again": _again(request, rows),
        "last_delivered": None if page.rows else _last_delivered(request.user),
    }
    return render(request, "sending/deliveries.html", context)


def chosen(user: Any, filters: DeliveryFilters, tab: str) -> DeliveryQuerySet:
    """The deliveries that a person sees with these filters, in this view."""
    where = next((condition for slug, _, condition in VIEWS if slug == tab), Q())
    rows = Delivery.objects.visible_to(user).select_related("batch")
    return filters.narrowed(rows.filter(where))


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
    rows = chosen(request.user, DeliveryFilters(request.POST, request.user), request.POST.get("tab", ""))
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
