"""Link a record to one that is there, mark it removed there, delete one that was never sent. POST does it.

Imports delivery's services, records and audit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from partnerportal.audit import entries
from partnerportal.console.acting import acting
from partnerportal.console.record_pages import in_sight
from partnerportal.delivery import deciding, deleting, holding, services
from partnerportal.delivery.models import Delivery
from partnerportal.records.models import Joined

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
    if request.method == "POST" and not _changed_meanwhile(request, record):
        doing = _mark_removed if noun == "patient" else services.request_remove
        if _asked(request, lambda: doing(acting(request, record), record)):
            messages.info(request, f"{record} is on its way out of Inbox Health. It stays here.")
            return _back(record)
    return render(request, "records/remove.html", {"title": f"Remove {record}", "record": record})


def _mark_removed(context: Any, record: Any) -> Delivery:
    with transaction.atomic():
        row: Any = holding.held(record)
        row.removed = True
        row.version += 1
        row.save()
        entries.write("patient_marked_removed", context)
        return services.request_push(context, row)


@require_POST
def undo(request: HttpRequest, noun: str, pk: int) -> HttpResponse:
    """Take back what is queued and not sent yet; being marked removed is taken back with it."""
    record = in_sight(request, noun, pk)
    mine = Delivery.objects.filter(noun=noun, record_id=pk, state__in=Delivery.UNSENT)
    delivery = mine.exclude(kind__in=Delivery.QUIET).order_by("-pk").first()
    if delivery is None:
        messages.warning(request, "Nothing of it waits any more: it was sent already.")
    elif _asked(request, lambda: _take_back(acting(request, record), record, delivery)):
        messages.info(request, "Taken back. Nothing was sent.")
    return _back(record)


def _take_back(context: Any, record: Any, delivery: Delivery) -> None:
    with transaction.atomic():
        deciding.cancel(context, delivery)
        row: Any = type(record).objects.get(pk=record.pk)  # held since the cancelling
        if "removed" in row.dirty and row.removed and not Joined.objects.filter(surplus_id=row.pk).exists():
            row.removed = False
            row.version += 1
            row.save()


def delete(request: HttpRequest, noun: str, pk: int) -> HttpResponse:
    """Only what was never sent: anything else would leave a twin without a trace here."""
    record = in_sight(request, noun, pk)
    problem = _why_not(record) or _changed_meanwhile(request, record)
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


def _changed_meanwhile(request: HttpRequest, record: Any) -> str:
    """Nobody's edit goes unseen: what was changed after the page was made is looked at first."""
    said = request.POST.get("version", "")
    if request.method != "POST" or not said or said == str(record.version):
        return ""
    problem = f"{record.short_id} was changed while this page was open. Look at it again, then decide."
    messages.warning(request, problem)
    return problem


def _delete(request: HttpRequest, record: Any) -> str:
    context = acting(request, record)
    try:
        with transaction.atomic():
            held: Any = holding.held(record)
            problem = _why_not(held)
            if held.version != record.version:
                problem = f"{record.short_id} was changed in this very moment. Look at it again."
            if problem:
                return problem
            deleting.forget(held)
            held.delete()
            entries.write(f"{record.noun}_deleted", context)
    except services.NotPossible as error:
        return str(error)
    except ObjectDoesNotExist:
        return f"{record.short_id} is not here any more."
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
