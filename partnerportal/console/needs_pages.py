"""Needs you: everything that a person must decide, by cause; one group's records; what is set aside.

Imports needs_groups and delivery's asides. Reads only.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from partnerportal.console import delivery_rows, keyset, needs_groups, said
from partnerportal.delivery import asides, needs
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.plans import of_records
from partnerportal.records.models import RECORDS


def needs_page(request: HttpRequest) -> HttpResponse:
    lines = needs_groups.lines(request.user)
    context = {
        "title": "Needs you",
        "lines": lines,
        "number": needs_groups.total(request.user),
        "aside": len(_aside(request.user)),
    }
    return render(request, "needs/needs.html", context)


def group_page(request: HttpRequest) -> HttpResponse:
    """The records of one group, to look at, open, or set aside."""
    kind, noun, cause = asked(request.GET)
    chosen = needs.of(request.user, kind, noun, cause)
    page = keyset.slice_of(chosen.select_related("batch"), request.GET, ascending=True)
    context = {
        "title": "Needs you",
        "heading": needs_groups.sentence_of(kind, noun, cause),
        "what": of_records(chosen.count(), noun),
        "kind": kind,
        "noun": noun,
        "cause": cause,
        "decides": kind in needs_groups.DECIDED and request.user.has_perm("delivery.decide"),
        "page": page,
        "said": said.of(page.rows, request.user),
        "rows": delivery_rows.rows_of(page.rows, request.user),
        "may_set_aside": request.user.has_perm("delivery.push"),
    }
    return render(request, "needs/group.html", context)


def aside_page(request: HttpRequest) -> HttpResponse:
    """What is set aside, by whom and why; each comes back by itself when it changes."""
    found = _aside(request.user)
    rows = delivery_rows.rows_of([aside.delivery for aside in found], request.user)
    context = {
        "title": "Set aside",
        "rows": [
            {"row": row, "aside": aside, "cause": _cause(aside.delivery)}
            for row, aside in zip(rows, found, strict=True)
        ],
        "may": request.user.has_perm("delivery.push"),
    }
    return render(request, "needs/aside.html", context)


def _aside(user: Any) -> list[Any]:
    found = asides.in_force()
    seen = Delivery.objects.visible_to(user).filter(pk__in=[a.pk for a in found]).values_list("pk", flat=True)
    visible = set(seen)
    return [aside for aside in found if aside.pk in visible]


def _cause(delivery: Delivery) -> str:
    kind = next(
        (k for k in (needs.UNDECIDED, needs.ALIKE, needs.NOT_VALID) if _is(delivery, k)), needs.FAILED
    )
    return needs_groups.sentence_of(kind, delivery.noun, delivery.cause_key or delivery.reason)


def _is(delivery: Delivery, kind: str) -> bool:
    by_reason = {"looks_alike": needs.ALIKE, "not_valid": needs.NOT_VALID}
    if delivery.state == Delivery.State.BLOCKED:
        return by_reason.get(delivery.reason) == kind
    return delivery.state == Delivery.State.UNKNOWN and kind == needs.UNDECIDED


def asked(data: Any) -> tuple[str, str, str]:
    """kind, noun and cause of an address or a form. Raises Http404 where they are none."""
    kind, noun, cause = data.get("kind", ""), data.get("noun", ""), data.get("cause", "")
    if kind not in needs.KINDS or noun not in RECORDS or len(cause) > 80:
        raise Http404
    return kind, noun, cause
