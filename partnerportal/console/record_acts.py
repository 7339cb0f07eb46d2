"""Link a record to one that is there, mark it removed there, delete one that was never sent. POST does it.

Imports delivery's services, records and audit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from partnerportal.audit import entries
from partnerportal.console.acting import acting
from partnerportal.console.record_pages import in_sight
from partnerportal.delivery import services
from partnerportal.delivery.models import Delivery
from partnerportal.records.models import NOUNS

NO_KEY = "There is no API key to send with. Connect one under Account Settings."


class LinkForm(forms.Form):
    """Takes 669 as well as IH 669."""

    remote_id = forms.RegexField(
        regex=r"^\s*(?:[Ii][Hh][\s:#-]*)?(\d{1,18})\s*$",
        label="Inbox Health id",
        error_messages={"required": "The id is missing.", "invalid": "An id is a number, such as 669."},
    )

    def clean_remote_id(self) -> int:
        return int("".join(c for c in self.cleaned_data["remote_id"] if c.isdigit()))


def link(request: HttpRequest, noun: str, pk: int) -> HttpResponse:
    record = in_sight(request, noun, pk)
    form = LinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["remote_id"]
        asked = _asked(request, lambda: services.request_link(acting(request, record), record, number))
        if asked:
            messages.info(request, f"Looking at IH {number}. The record is tied to it once it is found.")
            return _back(record)
    title = f"Link {record} to an existing record"
    return render(request, "records/link.html", {"title": title, "record": record, "form": form})


def remove(request: HttpRequest, noun: str, pk: int) -> HttpResponse:
    """A patient is marked removed there and kept here; a practice or doctor is deleted there."""
    record = in_sight(request, noun, pk)
    if record.remote_id is None or noun == "enterprise":
        messages.error(request, "Inbox Health has no delete for this record.")
        return _back(record)
    if request.method == "POST":
        doing = _mark_removed if noun == "patient" else services.request_remove
        if _asked(request, lambda: doing(acting(request, record), record)):
            messages.info(request, f"{record} is on its way out of Inbox Health. It stays here.")
            return _back(record)
    return render(request, "records/remove.html", {"title": f"Remove {record}", "record": record})


def _mark_removed(context: Any, record: Any) -> Delivery:
    with transaction.atomic():
        row = NOUNS["patient"].objects.select_for_update(of=("self",)).get(pk=record.pk)
        row.removed = True
        row.version += 1
        row.save()
        entries.write("patient_marked_removed", context)
        return services.request_push(context, row)


def delete(request: HttpRequest, noun: str, pk: int) -> HttpResponse:
    """Only what was never sent: anything else would leave a twin without a trace here."""
    record = in_sight(request, noun, pk)
    problem = _why_not(record)
    if request.method == "POST" and not problem:
        problem = _delete(request, record)
        if not problem:
            messages.success(request, f"{record} is deleted.")
            return redirect(f"admin:records_{noun}_changelist")
    context = {"title": f"Delete {record}", "record": record, "problem": problem}
    return render(request, "records/delete.html", context)


def _why_not(record: Any) -> str:
    if record.remote_id is not None:
        return "It is at Inbox Health, so it can't be deleted here alone."
    sent = Delivery.objects.filter(noun=record.noun, record_id=record.pk, state__in=Delivery.OPEN)
    return "It is on its way. Cancel its delivery first." if sent.exists() else ""


def _delete(request: HttpRequest, record: Any) -> str:
    context = acting(request, record)
    try:
        with transaction.atomic():
            record.delete()
            entries.write(f"{record.noun}_deleted", context)
    except ProtectedError:
        return "Other records belong to it. Delete those first."
    return ""


def _asked(request: HttpRequest, call: Callable[[], Any]) -> bool:
    """Run a service call; say in words why it could not be."""
    try:
        call()
    except services.NoKey:
        messages.error(request, NO_KEY)
    except (services.NotValid, services.NotPossible) as error:
        messages.error(request, str(error))
    else:
        return True
    return False


def _back(record: Any) -> HttpResponse:
    return redirect(f"admin:records_{record.noun}_change", record.pk)
