"""The list of payments: columns, filters, search. Imports lists, cells, searching and the records."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html

from partnerportal.console import cells, formats, searching, standing
from partnerportal.console.listpage import ListPage
from partnerportal.console.lists import STATE, Choices, Column, Filter, Listing
from partnerportal.console.onboarding import address
from partnerportal.console.record_list_pages import list_context
from partnerportal.console.record_lists import ENTERPRISE, LISTINGS, STATE_COLUMN
from partnerportal.kernel.money import dollars
from partnerportal.records.models import InvoicePayment, Patient, Payment

RECEIVED = "payments_received"  # what patients paid at Inbox Health


def _rows(user: Any) -> QuerySet[Any]:
    rows: QuerySet[Any] = Payment.objects.visible_to(user).select_related("enterprise", "patient")
    heavy = ("remote", "acknowledged")
    return rows.defer(*heavy, *[f"{of}__{name}" for of in ("enterprise", "patient") for name in heavy])


def _search(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """PAY- and IH ids of the payment; else its patient, by whatever finds patients."""
    by_id = searching.by_id("payment", text)
    if by_id is not None:
        return rows.filter(by_id)
    people = searching.patients(Patient.objects.order_by(), text)
    return rows.filter(patient__in=people.values("pk"))


def _prepare(rows: list[Any]) -> None:
    standing.prepare(rows)
    parts = InvoicePayment.objects.filter(payment__in=[row.pk for row in rows], deleted=False)
    sums = dict(parts.order_by().values_list("payment").annotate(sum=Sum("amount_cents")))
    for row in rows:
        row.unapplied = 0 if row.voided else row.amount_cents - sums.get(row.pk, 0)


def _title(row: Any, user: Any) -> str:
    ids = f"{row.short_id} · IH {row.remote_id}" if row.remote_id else row.short_id
    href = reverse("admin:records_payment_change", args=[row.pk])
    return format_html(
        '<a href="{}">{}</a><small>{}</small>', href, cells.person(row.patient) or "No name", ids
    )


def _amount(row: Any, user: Any) -> str:
    if row.voided:
        return format_html('<span class="was">{}</span>', dollars(row.amount_cents))
    if row.refunded_cents:
        return format_html(
            "{}<small>{} refunded</small>", dollars(row.amount_cents), dollars(row.refunded_cents)
        )
    return dollars(row.amount_cents)


def _methods(user: Any) -> Choices:
    return list(Payment.Method.choices)


METHOD = Filter("method", "Method", _methods, lambda value: Q(method=value))
PAYMENTS = Listing(
    noun="payment",
    title="Payments",
    lead="What patients and insurance paid, taken elsewhere and recorded here.",
    rows=_rows,
    columns=(
        Column("number", "Payment", _title, ("id",), "main"),
        Column("method", "Method", lambda row, user: row.get_method_display(), css="fact first"),
        Column("paid", "Paid on", lambda row, user: formats.day(row.paid_on), css="more"),
        Column("amount", "Amount", _amount, css="fact second num"),
        Column("unapplied", "Unapplied", lambda row, user: dollars(row.unapplied), css="more num"),
        Column("enterprise", "Enterprise", cells.enterprise, css="more"),
        STATE_COLUMN,
    ),
    filters=(ENTERPRISE, METHOD, STATE),
    search=_search,
    search_label="Patient, date of birth, chart no. or id",
    empty="None yet. Record a payment from a patient’s Balance tab, or import a file of payments.",
    default_sort="-number",
    prepare=_prepare,
)
LISTINGS[PAYMENTS.noun] = PAYMENTS


def payment_list(request: HttpRequest) -> HttpResponse:
    page = ListPage(PAYMENTS, request.user, request.GET)
    context = {**list_context(request, page), "may_add": False, "received_href": address(RECEIVED)}
    return render(request, "money/payments.html", context)
