"""What was read, onto our rows: one short transaction a record, under its lock. Imports records, delivery.

Reading a page twice does no harm: a dead worker's page is simply read again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from partnerportal.audit import entries
from partnerportal.audit.context import Context
from partnerportal.delivery import holding, locks, surplus
from partnerportal.delivery.models import Delivery
from partnerportal.records import apply, matching, merging
from partnerportal.records.because import because
from partnerportal.records.merging import Verdict
from partnerportal.records.models import RECORDS, Enterprise, Mirror, Sighting
from partnerportal.records.wire import canonical
from partnerportal.sync import adopting, money
from partnerportal.sync.models import PullPart

Record = Mapping[str, Any]


def apply_page(
    part: PullPart, rows: Sequence[Record], context: Context, began: datetime, *, take_in: bool
) -> Counter[str]:
    """Counts: changed, conflicts, only_there and duplicates (newly), taken_in, linked, doubtful, again.

    The last are to be read by their ids.
    """
    with because(context):
        return _page(part, rows, context, began, take_in=take_in)


def _page(
    part: PullPart, rows: Sequence[Record], context: Context, began: datetime, *, take_in: bool
) -> Counter[str]:
    # Asked first: what is answered from here on is tied when we look.
    accounts = money.busy_accounts(part.noun) if part.noun in money.NOUNS else set()
    busy = part.noun not in money.NOUNS and creates_under_way(part)
    known = _known(part.noun, [row["id"] for row in rows])
    counts: Counter[str] = Counter()
    quiet = [known[row["id"]].pk for row in rows if row["id"] in known and _is_quiet(known[row["id"]], row)]
    _seen_as_known(part.noun, quiet)
    unmoved = set(quiet)
    for row in rows:
        ours = known.get(row["id"])
        if ours is not None and ours.pk not in unmoved:
            counts[_applied(ours, row, context, began)] += 1
    news = [row for row in rows if row["id"] not in known]
    if part.noun in money.NOUNS:
        counts.update(_money(part.noun, news, context, accounts))
    else:
        counts.update(_news(part, news, context, take_in=take_in or part.noun in adopting.CODES, busy=busy))
    return counts


def _seen_as_known(noun: str, quiet: list[int]) -> None:
    """That they were read; of one that somebody holds in this moment, the next pass says it."""
    rows = RECORDS[noun].objects
    with transaction.atomic():
        held = locks.ids(rows.filter(pk__in=quiet), skip_locked=True) if quiet else []
        rows.filter(pk__in=held).update(remote_read_at=timezone.now())


def below_invoice(noun: str, rows: Sequence[Record], context: Context, began: datetime) -> Counter[str]:
    """Lines of one invoice, or what is applied to it: as a page of a list."""
    return apply_page(PullPart(noun=noun), rows, context, began, take_in=False)


def _money(noun: str, news: Sequence[Record], context: Context, accounts: set[int]) -> Counter[str]:
    """What was made there below a patient of ours becomes ours; the rest is kept as seen, or asked about."""
    second = surplus.look(noun, news, None, context)
    rest = [row for row in news if row["id"] not in second]
    counts = Counter(money.take_in(noun, row, context, accounts) for row in rest)
    counts["duplicates"] = sum(second.values())
    if news:
        matching.sight(noun, news, None)
    return counts


def creates_under_way(part: PullPart) -> bool:
    """Whether a create of ours may just have made what the list shows, and its answer is not in yet."""
    sent = Delivery.objects.filter(noun=part.noun, state__in=Delivery.SENT)
    return bool(
        sent.filter(enterprise_id=part.enterprise_id).exists() if part.enterprise_id else sent.exists()
    )


def _known(noun: str, remote_ids: list[int]) -> dict[int, Any]:
    rows = RECORDS[noun].objects.filter(remote_id__in=remote_ids)
    return {row.remote_id: row for row in rows}


def _is_quiet(ours: Any, row: Record) -> bool:
    """As it was when last read, and nothing of it is waiting to be taken."""
    known = ours.remote or {}
    same = all(name in known and known[name] == value for name, value in row.items())
    return same and ours.missing_since is None and not ours.wire.changed_there(ours)


def _applied(ours: Mirror, row: Record, context: Context, began: datetime) -> str:
    """The name of the count it belongs to."""
    with transaction.atomic():
        locked = holding.held(ours)
        if locked.remote_id != row["id"]:
            return "again"
        if _soft_deleted(row):
            return _gone(locked, context)
        waiting = bool(locked.conflicts)
        taken = merging.take(locked, row, context, began=began)
        money.follow(locked)
    if taken.verdict is Verdict.CONFLICT and waiting:
        return "as_known"
    words = {Verdict.TAKEN: "changed", Verdict.CONFLICT: "conflicts", Verdict.UNDECIDED: "again"}
    return words.get(taken.verdict, "as_known")


def _news(
    part: PullPart, news: Sequence[Record], context: Context, *, take_in: bool, busy: bool
) -> Counter[str]:
    """Records that are tied to none of ours: kept as seen; brought in where that was asked for.

    A second one of what we sent is neither: a person is asked about it.
    """
    counts: Counter[str] = Counter()
    if not news:
        return counts
    seen = Sighting.objects.filter(noun=part.noun, remote_id__in=[row["id"] for row in news])
    known = set(seen.values_list("remote_id", flat=True))
    for enterprise, rows in _by_enterprise(part, news):
        whose = enterprise.pk if enterprise else None
        matching.sight(part.noun, rows, whose)
        second = surplus.look(part.noun, rows, whose, context)
        rest = [row for row in rows if row["id"] not in second]
        counts["duplicates"] += sum(second.values())
        counts["only_there"] += sum(row["id"] not in known for row in rest)
        if take_in and enterprise is not None and not busy:
            counts.update(adopting.take_in(part.noun, row, enterprise, context) for row in rest)
    counts["only_there"] = max(0, counts["only_there"] - counts["taken_in"] - counts["linked"])
    return counts


def _by_enterprise(
    part: PullPart, rows: Sequence[Record]
) -> Iterator[tuple[Enterprise | None, list[Record]]]:
    """The part's enterprise; of a list of the whole key, whichever each record names and is here."""
    if part.enterprise is not None or part.noun == "enterprise":
        yield part.enterprise, list(rows)
        return
    named: dict[Any, list[Record]] = {}
    for row in rows:
        named.setdefault(row.get("enterprise_id"), []).append(row)
    numbers = [number for number in named if isinstance(number, int)]
    ours = {row.remote_id: row for row in Enterprise.objects.filter(remote_id__in=numbers)}
    for number, theirs in named.items():
        yield ours.get(number), theirs


def asked_by_id(noun: str, pk: int, record: Record | None, context: Context, began: datetime) -> str:
    """The answer for one record that no page showed; None: it is not there. The name of its count."""
    with because(context), transaction.atomic():
        row = holding.held_by_key(noun, pk)
        if row.remote_id is None or (record is not None and record.get("id") != row.remote_id):
            return "again"
        if record is not None and not _soft_deleted(record):
            taken = merging.take(row, record, context, began=began)
            money.follow(row)
            return {Verdict.TAKEN: "changed", Verdict.CONFLICT: "conflicts"}.get(taken.verdict, "as_known")
        if record is None and row.remote_read_at is not None and row.remote_read_at > began:
            return "again"  # somebody saw it in the meantime
        return _gone(row, context)


def _soft_deleted(record: Record) -> bool:
    """A delete may be soft [D]: the record still answers, and says so."""
    return canonical.flag(record.get("soft_delete")) is True


def _gone(row: Mirror, context: Context) -> str:
    """Not there any more: shown, never deleted here."""
    if row.is_removed or row.missing_since is not None:
        return "as_known"
    apply.missing(row)
    about = context.about(record=row.record_name, enterprise=row.enterprise_pk)
    entries.write(f"{row.noun}_missing_there", about, {"remote_id": row.remote_id})
    return "missing"
