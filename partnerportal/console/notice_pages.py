"""What a person was told: the bell's list, its page, and marking as seen. Imports jobs' notices."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from partnerportal.console import keyset
from partnerportal.console.people import current
from partnerportal.jobs import notices


def notice_list(request: HttpRequest) -> HttpResponse:
    mine = notices.of(current(request).pk)
    page = keyset.slice_of(mine, request.GET)
    unseen = mine.filter(seen_at=None).exists()
    return render(request, "needs/notices.html", {"title": "Notices", "page": page, "unseen": unseen})


@require_POST
def notice_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Seen, and on to what it speaks of."""
    notice = get_object_or_404(notices.of(current(request).pk), pk=pk)
    notices.seen(notice.staff_id, notice.pk)
    return redirect(notice.path if notice.path.startswith("/") else "notices")


@require_POST
def notices_seen(request: HttpRequest) -> HttpResponse:
    """All up to the newest shown. The bell's script asks for it when its list, or this page, opens."""
    text = request.POST.get("upto", "")
    upto = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
    notices.seen(current(request).pk, upto=upto)
    return redirect("notices")
