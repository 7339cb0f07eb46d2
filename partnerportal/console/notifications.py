"""The Notifications tab of a patient: what Inbox Health sent them, as last read there.

Imports record_pages for the frame, records' models and delivery's services.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from partnerportal.accounts.middleware import POLL_HEADER
from partnerportal.console import keyset
from partnerportal.console.acting import acting
from partnerportal.console.record_acts import NO_KEY
from partnerportal.console.record_pages import frame_of, in_sight
from partnerportal.delivery import services
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.sentences import delivery_sentence
from partnerportal.records.models import Invoice, Notification

Kind = Delivery.Kind
CHANNELS = {"email": "E-mail", "sms": "Text message", "mail": "Letter", "phone": "Phone call"}


def notifications_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole page; for its own script only the part that moves."""
    patient = in_sight(request, "patient", pk)
    context = {"record": patient, **_read(request, pk)}
    if POLL_HEADER in request.headers:
        return render(request, "money/notifications_live.html", context)
    return render(
        request, "money/notifications.html", {**frame_of(request, patient, "notifications"), **context}
    )


def _read(request: HttpRequest, pk: int) -> dict[str, Any]:
    mine = Delivery.objects.filter(noun="patient", record_id=pk, kind=Kind.NOTIFICATIONS)
    last = mine.filter(state=Delivery.State.DELIVERED).order_by("-pk").first()
    newest = mine.order_by("-pk").first()
    page = keyset.slice_of(Notification.objects.visible_to(request.user).filter(patient=pk), request.GET)
    known = dict(
        Invoice.objects.filter(remote_id__in=[row.invoice_remote_id for row in page.rows]).values_list(
            "remote_id", "pk"
        )
    )
    for row in page.rows:
        row.kind_words = row.kind.replace("_", " ").capitalize() or "Message"
        row.channel_words = CHANNELS.get(row.channel.lower(), row.channel or "—")
        row.invoice_pk = known.get(row.invoice_remote_id)
    return {
        "page": page,
        "read_at": last.settled_at if last else None,
        "reading": newest is not None and newest.state in Delivery.OPEN,
        "problem": delivery_sentence(newest) if newest and newest.state == Delivery.State.FAILED else "",
        "newest": newest,
    }


@require_POST
def notifications_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for them to be read there now."""
    patient = in_sight(request, "patient", pk)
    if patient.remote_id is None:
        messages.info(request, "Not at Inbox Health yet, so nothing was sent to them from there.")
        return redirect("notifications", pk)
    try:
        services.request_reading(acting(request, patient), patient, Kind.NOTIFICATIONS, lane="interactive")
    except services.NoKey:
        messages.error(request, NO_KEY)
    return redirect("notifications", pk)
