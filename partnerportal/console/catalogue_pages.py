"""The pages of the error catalogue: all entries by group, and one each. Imports the catalogue."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from partnerportal.console import catalogue, catalogue_links, guide_pages


@require_GET
def catalogue_list(request: HttpRequest) -> HttpResponse:
    context = {"title": "Error catalogue", "groups": catalogue.groups(), **guide_pages.around("errors")}
    return render(request, "help/catalogue.html", context)


@require_GET
def catalogue_entry(request: HttpRequest, cause: str) -> HttpResponse:
    """One entry, and where in the console to go on."""
    entry = catalogue.BY_SLUG.get(cause)
    if entry is None:
        raise Http404
    context = {
        "title": entry.title,
        "entry": entry,
        "next": catalogue_links.next_for(entry, request.user),
        "alike": [one for one in catalogue.ENTRIES if one.group == entry.group and one is not entry],
        **guide_pages.around("errors"),
    }
    return render(request, "help/entry.html", context)
