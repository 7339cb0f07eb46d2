"""The guide: its list of chapters with search, and one page a chapter. Imports the chapters and the state.

Works without script: the search is a plain form.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from partnerportal.console import catalogue, guide_chapters, guide_search, guide_state
from partnerportal.console.people import current

MOST_ASKED = 120  # characters of a question


@require_GET
def guide(request: HttpRequest) -> HttpResponse:
    """All chapters with how far one is, or what a question found."""
    question = request.GET.get("q", "").strip()[:MOST_ASKED]
    staff = current(request)
    listed = (
        []
        if question
        else [(one, guide_state.state_of(one.slug, staff)) for one in guide_chapters.chapters()]
    )
    context = {
        "title": "Guide",
        "query": question,
        "hits": guide_search.search(question),
        "most": guide_search.MOST,
        "listed": listed,
        "entries": len(catalogue.ENTRIES),
        **around(),
    }
    return render(request, "help/guide.html", context)


@require_GET
def chapter(request: HttpRequest, chapter: str) -> HttpResponse:
    """A chapter, after the reader's own state and the button for the step."""
    found = guide_chapters.chapter(chapter)
    if found is None:
        raise Http404
    context = {
        "title": found.title,
        "chapter": found,
        "state": guide_state.state_of(found.slug, current(request)),
        **around(found.slug),
    }
    return render(request, "help/chapter.html", context)


def around(shown: str = "") -> dict[str, object]:
    """What every page of the guide shows beside its own."""
    return {"chapters": guide_chapters.chapters(), "shown": shown}
