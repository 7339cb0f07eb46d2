"""Events: the list by filters, and Replay for the selected or all that match. Imports webhooks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from partnerportal.console import keyset
from partnerportal.console.acting import acting
from partnerportal.console.event_words import EVENTS, event_sentence, event_word
from partnerportal.console.exchange_filters import on_day
from partnerportal.kernel.ids import parse, short_id
from partnerportal.kernel.numbers import counted
from partnerportal.records.models import RECORDS, Endpoint
from partnerportal.webhooks import services
from partnerportal.webhooks.event_types import KNOWN
from partnerportal.webhooks.models import Event, Refusal

VIEWS: tuple[tuple[str, str, Q], ...] = (
    ("", "All", Q()),
    ("needs-you", "Needs you", Q(needs_person_since__isnull=False)),
    ("waiting", "Waiting", Q(state="waiting")),
    ("applied", "Applied", Q(state="applied")),
    ("conflicts", "Conflicts", Q(state="conflict")),
    ("only-there", "Only there", Q(state="only_there")),
)
MOST_SELECTED = 500


class EventFilters(forms.Form):
    """All optional, within a view. `record` takes P-48213."""

    SHOWN = ("event_type", "record", "day")
    event_type = forms.CharField(label="Type", required=False, max_length=100)
    record = forms.CharField(label="Record", required=False, max_length=30)
    day = forms.DateField(label="Day", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    state = forms.ChoiceField(label="State", required=False)
    endpoint = forms.ModelChoiceField(Endpoint.objects.none(), label="Endpoint", required=False)

    def __init__(self, data: Any, user: Any) -> None:
        super().__init__(data)
        states: Any = self.fields["state"]
        states.choices = [("", "Any"), *((name, word.text) for name, word in EVENTS.items())]
        endpoints: Any = self.fields["endpoint"]
        endpoints.queryset = Endpoint.objects.visible_to(user).order_by("pk")
        endpoints.empty_label, endpoints.label_from_instance = "Any", lambda row: row.short_id
        self.fields["event_type"].widget.attrs["list"] = "event-types"

    def clean_record(self) -> tuple[str, int] | None:
        text = str(self.cleaned_data["record"]).strip()
        found = parse(text) if text else None
        if text and (found is None or found[0] not in RECORDS):
            raise forms.ValidationError("An id of a record, like P-48213.")
        return found

    @property
    def applied(self) -> dict[str, Any]:
        known = self.cleaned_data if self.is_bound and (self.is_valid() or self.cleaned_data) else {}
        return {name: value for name, value in known.items() if value not in (None, "")}

    @property
    def shown(self) -> list[forms.BoundField]:
        return [self[name] for name in self.SHOWN]

    @property
    def hidden_away(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in self.SHOWN]

    @property
    def more_used(self) -> bool:
        return any(field.name in self.applied or field.errors for field in self.hidden_away)

    @property
    def tab_value(self) -> str:
        return str(self.data.get("tab", ""))

    def chips(self) -> list[tuple[str, str, str]]:
        return [(name, str(self.fields[name].label), _shown(name, one)) for name, one in self.applied.items()]

    def narrowed(self, rows: QuerySet[Event]) -> QuerySet[Event]:
        for name, value in self.applied.items():
            rows = _NARROW[name](rows, value)
        return rows


def _shown(name: str, value: Any) -> str:
    if name == "record":
        return short_id(*value)
    if name == "day":
        return f"{value:%b %-d, %Y}"
    return EVENTS[value].text if name == "state" else getattr(value, "short_id", str(value))


def _about(rows: QuerySet[Event], record: tuple[str, int]) -> QuerySet[Event]:
    """A patient's events are also those of something of theirs."""
    noun, pk = record
    if noun == "patient":
        return rows.filter(patient_id=pk)
    return rows.filter(noun=noun, record_id=pk)


_NARROW: dict[str, Any] = {
    "event_type": lambda rows, name: rows.filter(event_type=name),
    "record": _about,
    "day": lambda rows, day: on_day(rows, day, "received_at"),
    "state": lambda rows, state: rows.filter(state=state),
    "endpoint": lambda rows, endpoint: rows.filter(endpoint=endpoint),
}


def chosen(user: Any, filters: EventFilters, tab: str) -> QuerySet[Event]:
    """What a person sees with these filters, in this view."""
    where = next((condition for slug, _, condition in VIEWS if slug == tab), Q())
    return filters.narrowed(Event.objects.visible_to(user).light().filter(where))


@require_GET
def event_list(request: HttpRequest) -> HttpResponse:
    filters, tab = EventFilters(request.GET, request.user), request.GET.get("tab", "")
    page = keyset.slice_of(chosen(request.user, filters, tab), request.GET)
    context = {
        "title": "Events",
        "filters": filters,
        "tabs": [(slug, label) for slug, label, _ in VIEWS],
        "tab": tab,
        "page": page,
        "rows": [row_of(event) for event in page.rows],
        "types": KNOWN,
        "refused": _refused_today(),
        "any_endpoint": Endpoint.objects.filter(removed=False).exists(),
        "may_replay": request.user.has_perm("webhooks.replay_event"),
        "narrowed": bool(filters.chips()) or bool(tab),
    }
    return render(request, "webhooks/events.html", context)


def row_of(event: Event) -> dict[str, Any]:
    """An event as list and page show it."""
    record = short_id(event.noun, event.record_id) if event.noun in RECORDS and event.record_id else ""
    return {
        "event": event,
        "word": event_word(event),
        "sentence": event_sentence(event),
        "record": record,
        "there": f"{event.noun.replace('_', ' ')} IH {event.object_id}" if event.object_id else "",
    }


def _refused_today() -> int:
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return Refusal.objects.filter(hour__gte=today).aggregate(n=Sum("number"))["n"] or 0


@require_POST
def replay(request: HttpRequest) -> HttpResponse:
    """The ticked ones at once; all that match after a page that says how many they are."""
    filters, tab = EventFilters(request.POST, request.user), request.POST.get("tab", "")
    if request.POST.get("scope") == "all":
        events = chosen(request.user, filters, tab).exclude(state="waiting")
        if "sure" not in request.POST:
            return _ask_first(request, events.count())
    else:
        ticked = [int(one) for one in request.POST.getlist("ids")[:MOST_SELECTED] if _is_number(one)]
        events = Event.objects.visible_to(request.user).filter(pk__in=ticked)
    number = services.replay(acting(request), events)
    if number:
        messages.info(
            request, f"{counted(number, 'event')} replayed. What is older than a record changes nothing."
        )
    else:
        messages.info(request, "Nothing to replay: tick events that are settled.")
    return redirect(f"/events/{'?tab=' + tab if tab in {slug for slug, *_ in VIEWS} and tab else ''}")


def _ask_first(request: HttpRequest, number: int) -> HttpResponse:
    kept = [(name, request.POST.get(name, "")) for name in ("tab", *EventFilters.base_fields)]
    context = {
        "title": f"Replay {counted(number, 'event')}",
        "number": number,
        "kept": [(name, value) for name, value in kept if value],
        "tab": request.POST.get("tab", ""),
    }
    return render(request, "webhooks/replay.html", context)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
