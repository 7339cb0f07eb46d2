"""Where the page of a money record is that has none of its own: its invoice's, payment's, patient's page.

Lines stand on their invoice, what is applied of a payment on the payment. Imports record_pages and records.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from partnerportal.console.record_pages import in_sight


def _invoice(row: Any) -> str:
    return reverse("admin:records_invoice_change", args=[row.invoice_id])


def _payment(row: Any) -> str:
    return reverse("admin:records_payment_change", args=[row.payment_id])


def _balance(row: Any) -> str:
    return reverse("balance", args=[row.account_pk])


def _codes(row: Any) -> str:
    return f"{reverse('codes', args=[row.enterprise_pk])}#{row.short_id}"


# A noun that gets a page of its own leaves this table, and its address here stands in urls_money.
HOMES: dict[str, Callable[[Any], str]] = {
    "line_item": _invoice,
    "invoice_payment": _payment,
    "payment_adjustment": _payment,
    "write_off": _balance,
    "payment_reason": _codes,
    "write_off_code": _codes,
    "account_type": _codes,
}

OWN_FORM = ("line_item",)


def record_home(request: HttpRequest, noun: str, pk: int) -> HttpResponse:
    """The record's short address, its delivery and its story lead here."""
    return redirect(HOMES[noun](in_sight(request, noun, pk)))
