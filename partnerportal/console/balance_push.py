"""What of a patient's money is not sent yet, and the button that sends all of it. POST only.

Lines go out with their invoice, what is applied after its payment. Imports delivery's services and records.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from partnerportal.console.payment_saving import send
from partnerportal.console.record_pages import in_sight
from partnerportal.kernel.numbers import counted
from partnerportal.records.models import MONEY, Patient
from partnerportal.records.state import SyncState

UNSENT = (SyncState.NOT_SENT, SyncState.CHANGED_HERE)
MOST = 500
# Those that go along with another: what must be there already for them to be sent on their own.
_ALONG = {"line_item": "invoice__remote_id__isnull", "invoice_payment": "payment__remote_id__isnull"}


def unsent(patient: Patient) -> list[Any]:
    """The records that a push of all of it asks for, in the order they go out."""
    found: list[Any] = []
    for noun, model in MONEY.items():
        if model.account_path:
            rows = model.objects.filter(**{model.account_path: patient.pk}, sync_state__in=UNSENT)
            alone = {_ALONG[noun]: False} if noun in _ALONG else {}
            found += rows.filter(**alone).order_by("pk")[:MOST]
    return found


@require_POST
def push_all(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks for all of it; the tab it leads back to shows how it goes."""
    patient: Patient = in_sight(request, "patient", pk)
    rows = unsent(patient)
    if not rows:
        messages.info(request, "All of it was sent already.")
    elif send(request, *rows):
        messages.success(request, f"{counted(len(rows), 'record')} on the way.")
    return redirect("balance", pk)
