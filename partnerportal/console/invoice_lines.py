"""Lines of an invoice that is there: add, edit, delete. What is typed is kept where it is refused.

Imports the line's form, records' billing and delivery's deleting. POST changes, with an entry.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from partnerportal.audit import entries
from partnerportal.console import assign_lines, invoice_effects
from partnerportal.console.acting import acting
from partnerportal.console.assign_lines import LineForm
from partnerportal.console.payment_saving import saved, send
from partnerportal.console.record_acts import NO_KEY
from partnerportal.console.record_pages import in_sight
from partnerportal.delivery.deleting import delete_line
from partnerportal.delivery.services import NoKey, NotPossible
from partnerportal.records.account import NotAllowed
from partnerportal.records.billing import add_line, change_line
from partnerportal.records.models import Invoice, LineItem


def line_add(request: HttpRequest, pk: int) -> HttpResponse:
    invoice: Invoice = in_sight(request, "invoice", pk)
    if request.method != "POST":
        return _shown(request, invoice, assign_lines.fresh())
    form = LineForm(request.POST)
    if not form.is_valid():
        return _shown(request, invoice, form)
    line = saved(request, form, "line_item_added", invoice, lambda: add_line(invoice, form.charge))
    return _after(request, line) if line is not None else _shown(request, invoice, form)


def line_edit(request: HttpRequest, pk: int) -> HttpResponse:
    line: LineItem = in_sight(request, "line_item", pk)
    if request.method != "POST":
        return _shown(request, line.invoice, assign_lines.of_record(line), line)
    form = assign_lines.of_record(line, request.POST)
    if form.is_valid() and request.POST.get("version", "") != str(line.version):
        form.add_error(None, _meanwhile(line))
    if not form.is_valid():
        return _shown(request, line.invoice, form, line)
    charge = replace(form.charge, date_of_service=line.date_of_service)
    changed = saved(request, form, "line_item_edited", line, lambda: change_line(line, charge))
    return _after(request, changed) if changed is not None else _shown(request, line.invoice, form, line)


def _meanwhile(line: LineItem) -> str:
    """Somebody was faster: what is there now is said, and saving again takes what is typed."""
    now = invoice_effects.line_words(line)
    return f"{line.short_id} was changed while this page was open: {now}. Save again to keep what is typed."


def line_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """GET says what becomes of the balance."""
    line: LineItem = in_sight(request, "line_item", pk)
    if line.deleted:
        raise Http404
    if request.method == "POST":
        return _delete(request, line)
    context = {
        "title": f"Delete {line.short_id}",
        "record": line.invoice,
        "line": line,
        "sentence": invoice_effects.without_line(line),
        "there": line.remote_id is not None,
        "act": f"Delete {line.short_id}",
    }
    return render(request, "money/invoice_delete.html", context)


def _delete(request: HttpRequest, line: LineItem) -> HttpResponse:
    invoice, about = line.invoice, acting(request, line)
    try:
        with transaction.atomic():
            delivery = delete_line(about, line)
            entries.write("line_item_deleted" if delivery is None else "line_item_delete_asked", about)
    except (NotPossible, NotAllowed) as error:
        messages.error(request, str(error))
    except NoKey:
        messages.error(request, NO_KEY)
    else:
        gone = delivery is None
        messages.success(
            request, f"{about.record.partition(':')[2]} is {'deleted' if gone else 'on its way out'}."
        )
    return redirect("admin:records_invoice_change", invoice.pk)


def _after(request: HttpRequest, line: LineItem) -> HttpResponse:
    """[Save and push] sends the line; one of an unsent invoice goes out with it."""
    record: Any = line if line.invoice.remote_id is not None or line.remote_id is not None else line.invoice
    asked = "push" in request.POST and send(request, record)
    messages.success(request, f"{line} is saved{' and on its way' if asked else ''}.")
    return redirect("admin:records_invoice_change", line.invoice_id)


def _shown(
    request: HttpRequest, invoice: Invoice, form: LineForm, line: LineItem | None = None
) -> HttpResponse:
    context = {
        "title": f"Edit {line.short_id}" if line else f"Add a line to {invoice.short_id}",
        "record": invoice,
        "line": line,
        "form": form,
        "may_push": request.user.has_perm("delivery.push"),
    }
    return render(request, "money/invoice_line.html", context, status=422 if form.errors else 200)
