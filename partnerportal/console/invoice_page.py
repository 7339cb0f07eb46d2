"""The page of one invoice: its lines, what is applied to it, what is open and of whom. GET only.

Imports record_pages for the frame that all records share, and the ledger.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from partnerportal.console import balance_lists, both_sides, standing
from partnerportal.console.record_pages import frame_of, in_sight
from partnerportal.console.words import Word
from partnerportal.records.balances import Bill, Line
from partnerportal.records.ledger import account, line_of
from partnerportal.records.models import Invoice

_DUE = {
    "open": Word("Open", "blue", "pending_actions"),
    "waiting": Word("Waits for insurance", "blue", "health_and_safety"),
    "settled": Word("Nothing open", "green", "check"),
    "estimate": Word("Estimate, not owed", "grey", "calculate"),
    "deleted": Word("Deleted there", "grey", "block"),
}


@dataclass(frozen=True)
class Row:
    """A line, or a part of a payment applied, with where it stands."""

    record: Any
    standing: str
    line: Line | None = None


def invoice_page(request: HttpRequest, pk: int) -> HttpResponse:
    invoice: Invoice = in_sight(request, "invoice", pk)
    user, bill = request.user, bill_of(invoice)
    live = not invoice.deleted
    lines = lines_of(invoice)
    context = {
        **frame_of(request, invoice, "details"),
        "differences": both_sides.differences(invoice, user),
        "patient": invoice.patient,
        "bill": bill,
        "due": _DUE[bill.due],
        "insurance": max(0, bill.insurance_balance),
        "patients_part": bill.balance - max(0, bill.insurance_balance),
        "applied": sum(part.amount for part in bill.applied),
        "lines": lines,
        "total": total_of([row.line for row in lines if row.line and not row.record.deleted]),
        "parts": _rows(list(invoice.applications.select_related("payment", "reason").order_by("pk"))),
        "busy": balance_lists.deliveries(invoice.patient).exists(),
        "may_add_line": live and user.has_perm("records.add_lineitem"),
        "may_change_line": live and user.has_perm("records.change_lineitem"),
        "may_delete_line": live and user.has_perm("records.delete_lineitem"),
        "may_change": live and user.has_perm("records.change_invoice"),
        "may_delete_invoice": live and user.has_perm("records.delete_invoice"),
        "may_pay": live and not invoice.estimate and user.has_perm("records.add_payment"),
        "may_mail": live
        and bool(invoice.patient.email)
        and user.has_perm("records.change_invoice")
        and user.has_perm("delivery.push"),
        "may_push": user.has_perm("delivery.push"),
    }
    return render(request, "money/invoice.html", context)


def bill_of(invoice: Invoice) -> Bill:
    """The figures of one invoice."""
    return next(bill for bill in account(invoice.patient).bills if bill.key == invoice.pk)


def lines_of(invoice: Invoice) -> list[Row]:
    return _rows(list(invoice.lines.order_by("pk")), of_line=True)


def total_of(lines: list[Line]) -> dict[str, int]:
    """The sums under the lines, in cents."""
    return {
        "charged": sum(line.total for line in lines),
        "covered": sum(line.covered for line in lines),
        "insurance": sum(line.insurance_owed for line in lines),
        "tax": sum(line.tax for line in lines),
        "part": sum(line.patients_part for line in lines),
    }


def _rows(records: list[Any], *, of_line: bool = False) -> list[Row]:
    found = standing.deliveries_of(records)
    return [
        Row(
            record,
            standing.sentence(record, found.get(record.pk)),
            line_of(record) if of_line else None,
        )
        for record in records
    ]
