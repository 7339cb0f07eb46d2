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
from partnerportal.console.filters import Filters, day_field
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


class EventFilters(Filters):
    """Within a view. `record` takes P-48213."""

    SHOWN = ("event_type", "record", "day")
    VIEWS = tuple(slug for slug, *_ in VIEWS)
    NARROW = {
        "event_type": lambda rows, name: rows.filter(event_type=name),
        "record": lambda rows, record: _about(rows, record),
        "day": lambda rows, day: on_day(rows, day, "received_at"),
        "state": lambda rows, state: rows.filter(state=state),
        "endpoint": lambda rows, endpoint: rows.filter(endpoint=endpoint),
    }
    event_type = forms.CharField(label="Type", required=False, max_length=100)
    record = forms.CharField(label="Record", required=False, max_length=30)
    day = day_field()
    state = forms.ChoiceField(label="State", required=False)
    endpoint = forms.ModelChoiceField(Endpoint.objects.none(), label="Endpoint", required=False)

    def __init__(self, data: Any, user: Any) -> None:
        super().__init__(data)
        self.choices("state", [(name, word.text) for name, word in EVENTS.items()])
        self.rows("endpoint", Endpoint.objects.visible_to(user).order_by("pk"), lambda row: row.short_id)
        self.fields["event_type"].widget.attrs["list"] = "event-types"

    def clean_record(self) -> tuple[str, int] | None:
        text = str(self.cleaned_data["record"]).strip()
        found = parse(text) if text else None
        if text and (found is None or found[0] not in RECORDS):
            raise forms.ValidationError("An id of a record, like P-48213.")
        return found

    def say(self, name: str, value: Any) -> str:
        return _shown(name, value)


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


def chosen(user: Any, filters: EventFilters) -> QuerySet[Event]:
    """What a person sees with these filters, in their view."""
    where = next(condition for slug, _, condition in VIEWS if slug == filters.tab_value)
    found: QuerySet[Event] = filters.narrowed(Event.objects.visible_to(user).light().filter(where))
    return found


@require_GET
def event_list(request: HttpRequest) -> HttpResponse:
    filters = EventFilters(request.GET, request.user)
    page, tab = keyset.slice_of(chosen(request.user, filters), request.GET), filters.tab_value
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
    filters = EventFilters(request.POST, request.user)
    if request.POST.get("scope") == "all":
        events = chosen(request.user, filters).exclude(state="waiting")
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
    return redirect(f"/events/{'?tab=' + filters.tab_value if filters.tab_value else ''}")


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
