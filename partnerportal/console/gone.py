"""A form whose record went while it was filled in: who took it, and what was typed.

Imports audit, records and the forms.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from partnerportal.audit.models import Entry
from partnerportal.console import audit_words, shown
from partnerportal.console.forms import FORMS
from partnerportal.kernel.ids import record_name, short_id
from partnerportal.records.models import NOUNS, Enterprise


def deleted(request: HttpRequest, noun: str, pk: int) -> HttpResponse:
    """409 with what was typed; a 404 where this person could not have had it open."""
    entry = (
        Entry.objects.filter(record=record_name(noun, pk), action=f"{noun}_deleted").order_by("-pk").first()
    )
    seen = Enterprise.objects.visible_to(request.user)
    if entry is None or (noun != "enterprise" and not seen.filter(pk=entry.enterprise).exists()):
        raise Http404
    return _page(request, noun, pk, "deleted it", entry, None)


def joined(request: HttpRequest, record: Any, survivor: Any) -> HttpResponse:
    action = "patient_joined_away"
    entry = Entry.objects.filter(record=record.record_name, action=action).order_by("-pk").first()
    return _page(request, "patient", record.pk, f"joined it into {survivor.short_id}", entry, survivor)


def _page(
    request: HttpRequest, noun: str, pk: int, did: str, entry: Entry | None, survivor: Any
) -> HttpResponse:
    context = {
        "title": f"{noun.capitalize()} {short_id(noun, pk)}",
        "noun": noun,
        "record": None,
        "who": audit_words.actor(entry.actor) if entry else "Somebody",
        "at": entry.at if entry else None,
        "did": did,
        "survivor": survivor,
        "typed": _typed(request, noun),
    }
    return render(request, "records/gone.html", context, status=409)


def _typed(request: HttpRequest, noun: str) -> list[tuple[str, str]]:
    """Label and value of each field that is not what the page showed at first; an SSN only by its end."""
    fields = FORMS[noun].base_fields
    said = [(n, request.POST.get(n, ""), request.POST.get(f"was-{n}", "")) for n in fields]
    return [
        (_label(noun, n), shown.text(n, now) if n == "ssn" else now) for n, now, was in said if now != was
    ]


def _label(noun: str, name: str) -> str:
    field: Any = NOUNS[noun]._meta.get_field(name)
    label = str(field.verbose_name)
    return label[:1].upper() + label[1:]
