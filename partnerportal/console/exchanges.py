"""Exchanges: the list for auditors and administrators, and the page of one. Read-only.

Opening one, or searching them, is itself an entry. Imports audit, the console's acting, words and filters.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from partnerportal.audit import entries, made, masking, reading
from partnerportal.audit.models import Entry, Exchange
from partnerportal.audit.reading import Reading
from partnerportal.console import audit_words, keyset
from partnerportal.console.acting import acting
from partnerportal.console.exchange_filters import TABS, ExchangeFilters
from partnerportal.console.readable import body_of
from partnerportal.kernel.ids import record_name

READS_ALL = "audit.view_answer"  # auditors and administrators; an operator comes through a record
NEIGHBOURS = 50


def exchange_list(request: HttpRequest) -> HttpResponse:
    filters = ExchangeFilters(request.GET, request.user)
    rows = made.named(
        filters.narrowed(reading.visible_exchanges(request.user)).defer("content"),
        reading.visible_entries(request.user),
    )
    page = keyset.slice_of(rows, request.GET)
    answers = reading.answers_of(page.rows)
    if page.first and filters.applied:
        _searched(request, filters)
    context = {
        "title": "Exchanges",
        "filters": filters,
        "tabs": TABS,
        "tab": filters.tab_value,
        "page": page,
        "rows": [_row(row, answers.get(row.pk)) for row in page.rows],
    }
    return render(request, "audit/exchanges.html", context)


def _row(row: Exchange, answer: Any) -> dict[str, Any]:
    return {"row": row, "answer": answer, "outcome": audit_words.outcome(answer)}


def _searched(request: HttpRequest, filters: ExchangeFilters) -> None:
    """Once a view: turning its pages is the same view."""
    about = {"filters": [f"{label}: {value}" for _, label, value in filters.chips()]}
    with transaction.atomic():
        entries.write("exchanges_listed", acting(request), about)


def exchange_page(request: HttpRequest, pk: int) -> HttpResponse:
    exchange = _in_sight(request, pk)
    read = reading.read_one(exchange)
    _opened(request, exchange)
    context = {
        "title": f"Exchange X-{pk}",
        "pk": pk,
        **_facts(request, read),
        **_bodies(request, read),
        **_around(request, read),
    }
    return render(request, "audit/exchange.html", context)


def _in_sight(request: HttpRequest, pk: int) -> Exchange:
    """An operator reaches an exchange through a record of theirs, so one about no record is not there.

    Unless it is their own, of Try It, whose result leads to it, or made a record in their sight.
    """
    exchange = get_object_or_404(Exchange, pk=pk)
    if _made_here(request, exchange):
        return exchange
    own = exchange.origin == "explorer" and exchange.actor == acting(request).actor
    reached = exchange.record or own or request.user.has_perm(READS_ALL)
    if not (reached and reading.visible_exchanges(request.user).filter(pk=pk).exists()):
        raise Http404
    return exchange


def _made_here(request: HttpRequest, exchange: Exchange) -> list[Entry]:
    """What it brought into the portal, as far as this person may see it."""
    seen = reading.visible_entries(request.user).exclude(record="")
    return list(seen.filter(pk__in=made.entries_of(exchange).values("pk")).order_by("pk")[:NEIGHBOURS])


def _opened(request: HttpRequest, exchange: Exchange) -> None:
    told = exchange if exchange.record else next(iter(_made_here(request, exchange)), exchange)
    about = acting(request).about(record=told.record, enterprise=told.enterprise, patient=told.patient)
    with transaction.atomic():
        entries.write("exchange_viewed", about, {"exchange": f"X-{exchange.pk}"})


def _facts(request: HttpRequest, read: Reading) -> dict[str, Any]:
    made_here = [entry.record for entry in _made_here(request, read.exchange)]
    return {
        "exchange": read.exchange,
        "answer": read.answer,
        "outcome": audit_words.outcome(read.answer),
        "asked_by_batch": bool(read.exchange.batch) and read.exchange.cause == _batch_name(read.exchange),
        "verdict": audit_words.verdict(
            read.exchange, read.answer, _remote_id(read), next(reversed(made_here), "")
        ),
        "made": made_here,
    }


def _batch_name(exchange: Exchange) -> str:
    return record_name("batch", exchange.batch) if exchange.batch else ""


def _bodies(request: HttpRequest, read: Reading) -> dict[str, Any]:
    reveal = request.user.has_perm("accounts.reveal_phi")
    url = str(read.sent.values.get("url") or read.exchange.url)
    return {
        "reveal": reveal,
        "url": masking.page_url(url, reveal=reveal),
        "request_headers": read.sent.headers,
        "request_body": body_of(read.sent, reveal=reveal),
        "answer_headers": read.received.headers,
        "answer_body": body_of(read.received, reveal=reveal) if read.answer else None,
    }


def _around(request: HttpRequest, read: Reading) -> dict[str, Any]:
    """The other sends of the same delivery, and the entries under the same correlation id."""
    exchange, rows = read.exchange, reading.visible_exchanges(request.user).defer("content")
    siblings: list[Exchange] = []
    if exchange.delivery:
        siblings = list(rows.filter(delivery=exchange.delivery).order_by("pk")[:NEIGHBOURS])
    answers = reading.answers_of(siblings)
    return {
        "siblings": [_row(row, answers.get(row.pk)) for row in siblings] if len(siblings) > 1 else [],
        "led_here": _led_here(request, exchange),
    }


def _led_here(request: HttpRequest, exchange: Exchange) -> list[Entry]:
    """What someone did that this answers to: entries up to the send, not the looking at it since."""
    found = reading.visible_entries(request.user).defer("content")
    same = found.filter(correlation_id=exchange.correlation_id, at__lte=exchange.started_at)
    return list(same.order_by("pk")[:NEIGHBOURS])


def _remote_id(read: Reading) -> int | None:
    """The id that an accepted create was given."""
    lines = body_of(read.received, reveal=False).lines
    return next((int(line.value) for line in lines if line.name == "id" and line.value.isdigit()), None)
