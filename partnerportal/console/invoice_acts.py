"""What is done with an invoice that is there: edit, e-mail, delete. POST changes, with an entry.

Imports the visit's form, records' billing and delivery's deleting.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from partnerportal.audit import entries
from partnerportal.console import formats, invoice_effects
from partnerportal.console.acting import acting
from partnerportal.console.assign_form import VisitForm
from partnerportal.console.payment_saving import saved, send
from partnerportal.console.record_acts import NO_KEY
from partnerportal.console.record_pages import in_sight
from partnerportal.delivery.deleting import delete_invoice
from partnerportal.delivery.services import NoKey, NotPossible
from partnerportal.records.account import NotAllowed
from partnerportal.records.billing import change_invoice
from partnerportal.records.models import Invoice

COLUMNS = ("date_of_service", "practice", "doctor", "estimate", "notes")


class InvoiceForm(VisitForm):
    """The visit of an invoice that is there. Mailing it is an act of its own."""

    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, invoice: Invoice, data: Any = None) -> None:
        known = {name: getattr(invoice, name) for name in COLUMNS}
        super().__init__(invoice.patient, data, initial={**known, "version": invoice.version})
        self.fields.pop("email", None)

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in COLUMNS}


def _live(request: HttpRequest, pk: int) -> Invoice:
    invoice: Invoice = in_sight(request, "invoice", pk)
    if invoice.deleted:
        raise Http404
    return invoice


def invoice_edit(request: HttpRequest, pk: int) -> HttpResponse:
    invoice = _live(request, pk)
    form = InvoiceForm(invoice, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["version"] == str(invoice.version):
            return _keep(request, invoice, form)
        form = _once_more(request, invoice)
    return _edit_page(request, invoice, form)


def _once_more(request: HttpRequest, invoice: Invoice) -> InvoiceForm:
    """What was typed, for the invoice as it is now: saving again takes it."""
    data = request.POST.copy()
    data["version"] = str(invoice.version)
    form = InvoiceForm(invoice, data)
    form.add_error(None, _meanwhile(invoice))
    return form


def _meanwhile(invoice: Invoice) -> str:
    said = f"{formats.day(invoice.date_of_service)}, {invoice.practice.name or invoice.practice.short_id}"
    return (
        f"{invoice.short_id} was changed while this page was open: {said}. Save again to keep what is typed."
    )


def _keep(request: HttpRequest, invoice: Invoice, form: InvoiceForm) -> HttpResponse:
    changed = saved(
        request, form, "invoice_edited", invoice, lambda: change_invoice(invoice, **form.values())
    )
    if changed is None:
        return _edit_page(request, invoice, form)
    asked = "push" in request.POST and send(request, changed)
    messages.success(request, f"{changed} is saved{' and on its way' if asked else ''}.")
    return redirect("admin:records_invoice_change", invoice.pk)


def _edit_page(request: HttpRequest, invoice: Invoice, form: InvoiceForm) -> HttpResponse:
    context = {
        "title": f"Edit {invoice}",
        "record": invoice,
        "form": form,
        "may_push": request.user.has_perm("delivery.push"),
    }
    return render(request, "money/invoice_edit.html", context, status=422 if form.errors else 200)


def invoice_email(request: HttpRequest, pk: int) -> HttpResponse:
    """Inbox Health mails it to the patient when this arrives there: only when somebody asks for it."""
    invoice = _live(request, pk)
    email = invoice.patient.email
    if not email:
        messages.error(request, f"{invoice.patient.short_id} has no e-mail address.")
        return redirect("admin:records_invoice_change", pk)
    if request.method == "POST":
        asked = saved(
            request, None, "invoice_mail_asked", invoice, lambda: change_invoice(invoice, email_to=email)
        )
        if asked is not None and send(request, asked):
            messages.success(request, f"Inbox Health mails {invoice.short_id} when this has arrived there.")
        return redirect("admin:records_invoice_change", pk)
    reveal = request.user.has_perm("accounts.reveal_phi")
    context = {
        "title": f"E-mail {invoice}",
        "record": invoice,
        "email": email if reveal else formats.masked_email(email),
    }
    return render(request, "money/invoice_email.html", context)


def invoice_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """GET says what becomes of the balance and of what is applied."""
    invoice = _live(request, pk)
    if request.method == "POST":
        return _delete(request, invoice)
    context = {
        "title": f"Delete {invoice}",
        "record": invoice,
        "sentence": invoice_effects.without_invoice(invoice),
        "there": invoice.remote_id is not None,
        "act": f"Delete {invoice.short_id}",
    }
    return render(request, "money/invoice_delete.html", context)


def _delete(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    about, patient, name = acting(request, invoice), invoice.patient_id, str(invoice)
    try:
        with transaction.atomic():
            delivery = delete_invoice(about, invoice)
            entries.write("invoice_deleted" if delivery is None else "invoice_delete_asked", about)
    except (NotPossible, NotAllowed) as error:
        messages.error(request, str(error))
        return redirect("admin:records_invoice_change", invoice.pk)
    except NoKey:
        messages.error(request, NO_KEY)
        return redirect("admin:records_invoice_change", invoice.pk)
    messages.success(
        request, f"{name} is {'deleted' if delivery is None else 'on its way out of Inbox Health'}."
    )
    return redirect("balance", patient)
