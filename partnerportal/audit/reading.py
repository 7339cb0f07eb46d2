"""Reads the audit: whose rows a person may see, the filters of its lists, and content opened again.

Imports audit and the kernel. Staff are duck-typed (`is_active`, `all_enterprises`, `scope`): the audit
lies below them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from partnerportal.audit import sealed
from partnerportal.audit.models import Answer, Entry, Exchange
from partnerportal.kernel import keyring

OPEN = "open"  # the outcome of an exchange that has no answer
KEPT, DESTROYED, UNREADABLE, ALTERED = "kept", "destroyed", "unreadable", "altered"

BROKEN = (UNREADABLE, ALTERED)  # an export with one of these is not whole


@dataclass(frozen=True)
class Content:
    """What a row's content holds, or why it can't be said.

    `state` is kept, destroyed, unreadable (its encryption key is missing) or altered.
    """

    values: dict[str, Any] = field(default_factory=dict)
    state: str = KEPT

    @property
    def body(self) -> str:
        """The body as text; one that is no UTF-8 stays in base64."""
        kept = self.values.get("body")
        return str(kept["base64"]) if isinstance(kept, dict) else str(kept or "")

    @property
    def is_base64(self) -> bool:
        return isinstance(self.values.get("body"), dict)

    @property
    def is_incomplete(self) -> bool:
        """Whether the answer broke off: the body is what had arrived."""
        return bool(self.values.get("incomplete"))

    @property
    def headers(self) -> dict[str, str]:
        return dict(self.values.get("headers") or {})


@dataclass(frozen=True)
class Reading:
    """One exchange, its answer (None while open), and both contents."""

    exchange: Exchange
    answer: Answer | None
    sent: Content
    received: Content


def visible_exchanges(user: Any) -> QuerySet[Exchange]:
    """Exchanges about the person's enterprises; those about none are for people who see all."""
    if not getattr(user, "is_active", False):
        return Exchange.objects.none()
    if user.all_enterprises:
        return Exchange.objects.all()
    return Exchange.objects.filter(enterprise__in=_scope(user))


def visible_entries(user: Any) -> QuerySet[Entry]:
    """Entries about the person's enterprises, and those about no patient at all (sign-ins, keys)."""
    if not getattr(user, "is_active", False):
        return Entry.objects.none()
    if user.all_enterprises:
        return Entry.objects.all()
    return Entry.objects.filter(
        Q(enterprise__in=_scope(user)) | Q(enterprise=None, patient=None) & ~Q(record__startswith="patient:")
    )


def _scope(user: Any) -> list[int]:
    return list(user.scope.values_list("enterprise_id", flat=True))


def with_outcome(exchanges: QuerySet[Exchange], outcome: str) -> QuerySet[Exchange]:
    """Those that ended so; OPEN is those that have no answer."""
    answers = Answer.objects.filter(exchange=OuterRef("pk"))
    if outcome == OPEN:
        return exchanges.filter(~Exists(answers))
    return exchanges.filter(Exists(answers.filter(outcome=outcome)))


def with_status(exchanges: QuerySet[Exchange], status: int) -> QuerySet[Exchange]:
    return exchanges.filter(Exists(Answer.objects.filter(exchange=OuterRef("pk"), status=status)))


def between(rows: QuerySet[Any], column: str, start: datetime, end: datetime) -> QuerySet[Any]:
    return rows.filter(**{f"{column}__gte": start, f"{column}__lt": end})


def answers_of(exchanges: Iterable[Exchange]) -> dict[int, Answer]:
    """By exchange id; without the content, which lists do not show."""
    ids = [exchange.pk for exchange in exchanges]
    return Answer.objects.defer("content").in_bulk(ids, field_name="exchange")


def read_many(exchanges: Sequence[Exchange]) -> list[Reading]:
    """Contents opened, with four queries for all of them. A content that can't be read says so."""
    answers = Answer.objects.in_bulk([exchange.pk for exchange in exchanges], field_name="exchange")
    sent = _contents(exchanges)
    received = dict(zip(answers, _contents(answers.values()), strict=True))
    return [
        Reading(row, answers.get(row.pk), content, received.get(row.pk, Content()))
        for row, content in zip(exchanges, sent, strict=True)
    ]


def read_one(exchange: Exchange) -> Reading:
    return read_many([exchange])[0]


def detail(entry: Entry) -> Content:
    return _contents([entry])[0]


def details(entries: Sequence[Entry]) -> list[Content]:
    return _contents(entries)


def _contents(rows: Iterable[Exchange | Answer | Entry]) -> list[Content]:
    known = list(rows)
    try:
        opened = sealed.unseal_many(known)
    except keyring.Unreadable:
        # One row's lost key must not hide its neighbours.
        return [_content(row) for row in known]
    return [Content({}, DESTROYED) if values is None else Content(values) for values in opened]


def _content(row: sealed.Row) -> Content:
    try:
        return Content(sealed.unseal(row))
    except sealed.Destroyed:
        return Content({}, DESTROYED)
    except keyring.Altered:
        return Content({}, ALTERED)
    except keyring.Unreadable:
        return Content({}, UNREADABLE)


def in_order(exchanges: QuerySet[Exchange], after: int, size: int) -> list[Exchange]:
    """The next `size` exchanges above an id, oldest first: how an export walks without holding all."""
    return list(exchanges.filter(pk__gt=after).order_by("pk")[:size])
