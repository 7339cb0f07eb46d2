"""The list page of a noun, and the tabs of an enterprise that are lists. Imports the listings only."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from partnerportal.console.listpage import ListPage
from partnerportal.console.record_lists import LISTINGS


def record_list(request: HttpRequest, noun: str) -> HttpResponse:
    page = ListPage(LISTINGS[noun], request.user, request.GET)
    return render(request, f"records/{noun}_list.html", list_context(request, page))


def list_context(request: HttpRequest, page: ListPage) -> dict[str, Any]:
    """What templates/portal/list.html needs."""
    noun = page.listing.noun
    return {
        "title": page.listing.title,
        "lead": page.listing.lead,
        "list": page,
        "noun": noun,
        "may_push": request.user.has_perm("delivery.push"),
        "may_add": request.user.has_perm(f"records.add_{noun}"),
    }
