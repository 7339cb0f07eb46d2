"""The list of invoices: columns, views, filters, search. Imports lists, cells, searching and the records."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html

from partnerportal.console import cells, formats, searching, standing, words
from partnerportal.console.listpage import ListPage
from partnerportal.console.lists import STATE, Choices, Column, Filter, Listing, View
from partnerportal.console.record_list_pages import list_context
from partnerportal.console.record_lists import ENTERPRISE, LISTINGS, STATE_COLUMN
from partnerportal.kernel.money import dollars, owed
from partnerportal.records.models import Invoice, Patient
from partnerportal.records.state import SyncState

DUE = {
    "open": "Open",
    "waiting": "Waits for insurance",
    "settled": "Nothing open",
    "estimate": "Estimate",
    "deleted": "Deleted",
}


def _rows(user: Any) -> QuerySet[Any]:
    rows: QuerySet[Any] = Invoice.objects.visible_to(user).select_related("enterprise", "patient")
    heavy = ("remote", "acknowledged")
    return rows.defer(*heavy, *[f"{of}__{name}" for of in ("enterprise", "patient") for name in heavy])


def _search(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """I- and IH ids, the claim no.; else its patient, by whatever finds patients."""
    by_id = searching.by_id("invoice", text)
    if by_id is not None:
        return rows.filter(by_id)
    people = searching.patients(Patient.objects.order_by(), text)
    return rows.filter(searching.begins("claim_number", text) | Q(patient__in=people.values("pk")))


def _title(row: Any, user: Any) -> str:
    ids = [row.short_id, f"IH {row.remote_id}" if row.remote_id else "", row.claim_number]
    href = reverse("admin:records_invoice_change", args=[row.pk])
    name = cells.person(row.patient) or row.patient.short_id
    return format_html(
        '<a href="{}">{}</a><small>{}</small>', href, name, " · ".join(part for part in ids if part)
    )


def _balance(row: Any, user: Any) -> str:
    """What is open of it; what keeps it from counting below."""
    if row.due == "deleted":
        return format_html('<span class="was">{}</span><small>Deleted</small>', dollars(row.balance_cents))
    if row.due == "waiting":
        return format_html(
            "{}<small>{} of insurance</small>", owed(row.balance_cents), dollars(row.insurance_cents)
        )
    return (
        format_html("{}<small>Estimate</small>", dollars(row.balance_cents))
        if row.due == "estimate"
        else owed(row.balance_cents)
    )


def _dues(user: Any) -> Choices:
    return list(DUE.items())


INVOICES = Listing(
    noun="invoice",
    title="Invoices",
    lead="What was done for patients, visit by visit, and what is open of each.",
    rows=_rows,
    columns=(
        Column("number", "Patient", _title, ("id",), "main"),
        Column(
            "day",
            "Date of service",
            lambda row, user: formats.day(row.date_of_service),
            ("date_of_service", "id"),
            "fact first",
        ),
        Column("balance", "Balance", _balance, ("balance_cents", "id"), "fact second num"),
        Column("enterprise", "Enterprise", cells.enterprise, css="more"),
        STATE_COLUMN,
    ),
    filters=(ENTERPRISE, Filter("due", "Comes to", _dues, lambda value: Q(due=value)), STATE),
    views=(
        View("", "All"),
        View("open", "Open", Q(due="open")),
        View("waiting", "Waits for insurance", Q(due="waiting")),
        View("not-sent", "Not sent", Q(sync_state=SyncState.NOT_SENT)),
        View("needs-you", "Needs you", Q(sync_state__in=words.NEEDS_A_PERSON)),
    ),
    search=_search,
    search_label="Patient, claim no. or id",
    empty="None yet. Assign a balance from a patient, or import a file of charges.",
    default_sort="-number",
    prepare=standing.prepare,
)
LISTINGS[INVOICES.noun] = INVOICES


def invoice_list(request: HttpRequest) -> HttpResponse:
    page = ListPage(INVOICES, request.user, request.GET)
    context = {**list_context(request, page), "may_add": False}
    return render(request, "money/invoices.html", context)
