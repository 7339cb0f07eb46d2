"""What of webhooks needs a person: events that failed, and channels that are suspect. Imports webhooks.

Told as the fields of a line of Needs you; reads only.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse

from partnerportal.console.event_words import suspect_sentence
from partnerportal.console.remedies import Act
from partnerportal.kernel.numbers import counted
from partnerportal.records.models import Endpoint
from partnerportal.webhooks.models import Event


def failed(user: Any) -> QuerySet[Event]:
    """Events that could not be applied, in the person's sight."""
    return Event.objects.visible_to(user).filter(needs_person_since__isnull=False)


def suspects(user: Any) -> QuerySet[Endpoint]:
    found: QuerySet[Endpoint] = Endpoint.objects.visible_to(user)
    return found.filter(suspect_since__isnull=False, removed=False, paused=False).order_by("pk")


def number(user: Any) -> int:
    """How many of both."""
    if not user.has_perm("webhooks.view_event"):
        return 0
    return int(failed(user).count() + suspects(user).count())


def lines(user: Any) -> list[dict[str, Any]]:
    """One for all failed events, one for each suspect channel."""
    if not user.has_perm("webhooks.view_event"):
        return []
    return _of_failed(user) + [_of_suspect(endpoint) for endpoint in suspects(user)]


def _of_failed(user: Any) -> list[dict[str, Any]]:
    found = failed(user).aggregate(
        n=Count("pk"),
        oldest=Min("needs_person_since"),
        places=Count("enterprise_id", distinct=True, filter=Q(enterprise_id__isnull=False)),
    )
    if not found["n"]:
        return []
    page = f"{reverse('events')}?tab=needs-you"
    return [
        {
            "sentence": "Events from Inbox Health could not be applied",
            "what": counted(found["n"], "event"),
            "enterprises": found["places"],
            "oldest": found["oldest"],
            "act": Act(f"Look at {found['n']:,}", page, "search"),
            "number": found["n"],
            "rows": page,
            "icon": "error",
            "about": ("event", "failed"),
        }
    ]


def _of_suspect(endpoint: Endpoint) -> dict[str, Any]:
    page = reverse("endpoint", args=[endpoint.pk])
    return {
        "sentence": f"Webhooks may not arrive: {suspect_sentence(endpoint)}".rstrip(". "),
        "what": f"endpoint {endpoint.short_id}",
        "enterprises": 0,
        "oldest": endpoint.suspect_since,
        "act": Act(f"Look at {endpoint.short_id}", page, "search"),
        "number": 1,
        "rows": page,
        "icon": "help",
        "about": ("endpoint", endpoint.suspect_reason),
    }
