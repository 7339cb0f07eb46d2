"""Deciding what looking could not: what was sent and what was found, side by side. Imports deciding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from partnerportal.audit import masking
from partnerportal.console import delivery_rows
from partnerportal.console.acting import acting
from partnerportal.console.delivery_page import find
from partnerportal.delivery import deciding, needs
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.money_bodies import LINES
from partnerportal.delivery.services import NotPossible
from partnerportal.kernel.money import dollars
from partnerportal.records.models import RECORDS, PaymentAdjustment

EMPTY = "empty"
State = Delivery.State
TABLE_MOST = 4


@dataclass(frozen=True)
class Cell:
    value: str
    differs: bool


@dataclass(frozen=True)
class Line:
    """One attribute: what was sent, and what each candidate holds."""

    label: str
    sent: str
    found: list[Cell]


def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """`then=needs` leads on to the next of its kind, and at last back to Needs you."""
    delivery = find(request, pk)
    if request.method == "POST":
        group = _group_of(delivery)
        _decided(request, delivery)
        return _onward(request, delivery, group)
    if not delivery.needs_person_since:
        messages.info(request, "There is nothing to decide any more.")
        return redirect("delivery", pk)
    found = deciding.candidates(delivery)[:TABLE_MOST]
    (row,) = delivery_rows.rows_of([delivery], request.user)
    context = {
        "title": f"Decide {delivery.short_id}",
        "delivery": delivery,
        "row": row,
        "adjustment": _adjustment(delivery),
        "blocked": delivery.state == Delivery.State.BLOCKED,
        "confirmed": delivery.state == Delivery.State.DELIVERED,
        "candidates": [
            {"id": c["record"].get("id"), "ours": c.get("ours"), "told": c.get("told")} for c in found
        ],
        "lines": _lines(delivery, found, reveal=request.user.has_perm("accounts.reveal_phi")),
        "then": request.GET.get("then", ""),
        "more": needs.of(request.user, *_group_of(delivery)).exclude(pk=pk).count(),
        "last_look": delivery.lookup_rows.order_by("-number").first(),
    }
    return render(request, "sending/decide.html", context)


def _adjustment(delivery: Delivery) -> PaymentAdjustment | None:
    """A refund or void: no list shows it, only its payment does."""
    rows = PaymentAdjustment.objects.select_related("payment")
    return rows.get(pk=delivery.record_id) if delivery.noun == "payment_adjustment" else None


def _lines(delivery: Delivery, found: list[dict[str, Any]], *, reveal: bool) -> list[Line]:
    """The attributes that were sent, those that differ anywhere first."""
    wire, sent = RECORDS[delivery.noun].wire, _sent(delivery)
    shown = masking.page_data(sent, reveal=reveal)
    theirs = [masking.page_data(c["record"], reveal=reveal) for c in found]
    lines = [
        Line(
            wire.label(name),
            _text(shown[name], name),
            [
                Cell(_text(record.get(name), name), name in c.get("differs", []))
                for c, record in zip(found, theirs, strict=True)
            ],
        )
        for name in sent
        if name != LINES
    ]
    return sorted(lines, key=lambda line: not any(cell.differs for cell in line.found))


def _sent(delivery: Delivery) -> dict[str, Any]:
    """What the last create said; before any was sent, what it would say."""
    last = delivery.attempt_rows.order_by("-number").first()
    if last is not None:
        return dict(last.payload or {})
    record = RECORDS[delivery.noun].objects.get(pk=delivery.record_id)
    return record.wire.create_payload(record)


def _text(value: Any, name: str) -> str:
    if value in (None, ""):
        return EMPTY
    if name.endswith("_cents") and isinstance(value, int):
        return dollars(value)
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _group_of(delivery: Delivery) -> tuple[str, str, str]:
    """(kind, noun, cause) of its group in Needs you."""
    kind = {State.UNKNOWN: needs.UNDECIDED, State.BLOCKED: needs.ALIKE}.get(
        State(delivery.state), needs.TWICE
    )
    return kind, delivery.noun, delivery.reason if kind == needs.TWICE else ""


def _onward(request: HttpRequest, delivery: Delivery, group: tuple[str, str, str]) -> HttpResponse:
    if request.POST.get("then") != "needs":
        return redirect("delivery", delivery.pk)
    following = needs.of(request.user, *group).exclude(pk=delivery.pk).values_list("pk", flat=True).first()
    return redirect(f"{reverse('decide', args=[following])}?then=needs") if following else redirect("needs")


def _decided(request: HttpRequest, delivery: Delivery) -> None:
    choice, context = request.POST.get("choice", ""), acting(request)
    try:
        if choice == "send":
            deciding.decide_send(context, delivery)
            done = "Back in line: it is sent again."
        elif choice == "done":
            deciding.decide_done(context, delivery)
            done = "Kept as done at Inbox Health."
        elif choice == "seen":
            deciding.decide_confirmed(context, delivery)
            done = "Set aside."
        elif choice.isascii() and choice.isdigit() and len(choice) < 19:
            deciding.decide_link(context, delivery, int(choice))
            done = f"Tied to IH {choice}."
        else:
            done = ""
    except NotPossible as error:
        messages.error(request, str(error))
    else:
        messages.info(request, done or "Nothing was chosen.")
