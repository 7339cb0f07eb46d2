"""The Balance tab of a patient: what they owe, here and at Inbox Health, and what it is made of. GET only."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from partnerportal.console.record_pages import frame_of, in_sight


def balance_page(request: HttpRequest, pk: int) -> HttpResponse:
    patient = in_sight(request, "patient", pk)
    return render(request, "money/balance.html", frame_of(request, patient, "balance"))
