"""Which rows an export holds: the list's own selection, in the asker's scope of now. Imports the listings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, QueryDict
from django.urls import reverse

from partnerportal.accounts.models import Staff
from partnerportal.console.export_audit_lists import AUDIT_LISTS
from partnerportal.console.export_lists import LISTS as SENDING_LISTS
from partnerportal.console.permitted import permitted
from partnerportal.console.record_lists import LISTINGS
from partnerportal.delivery.plans import PLURALS
from partnerportal.records.exports import columns, services
from partnerportal.records.exports.columns import Told
from partnerportal.records.models import Export

MOST_TICKS = 10_000
LISTS = {**SENDING_LISTS, **AUDIT_LISTS}


def rows_of(export: Export) -> QuerySet[Any]:
    """For the worker: nothing where whoever asked may see nothing any more."""
    staff = Staff.objects.get(pk=export.job.staff_id or 0)
    return chosen(staff, export.noun, export.asked)


def chosen(staff: Any, noun: str, asked: dict[str, Any]) -> QuerySet[Any]:
    """`asked`: {"ids": […]} of ticked rows, else {"query": {…}} of the list's address."""
    if noun in LISTS:
        return LISTS[noun].rows(staff, asked.get("query", {}))
    if "ids" in asked:
        rows: QuerySet[Any] = LISTINGS[noun].rows(staff).filter(pk__in=asked["ids"])
    else:
        rows = LISTINGS[noun].matching(staff, asked.get("query", {}))
    if noun == "patient":
        rows = rows.select_related("practice").defer(
            "remote", "acknowledged", "ssn", "enterprise__remote", "enterprise__acknowledged",
            "practice__remote", "practice__acknowledged",
        )  # fmt: skip
    if noun == "invoice":
        rows = rows.select_related("practice").defer("practice__remote", "practice__acknowledged")
    return rows


def asked_of(data: QueryDict) -> dict[str, Any]:
    """What a list's form says: the ticked ids, or the query of all that match. Raises Http404."""
    if data.get("scope") == "all":
        return {"query": QueryDict(data.get("query", "")).dict()}
    ids = data.getlist("ids")[: MOST_TICKS + 1]
    if len(ids) > MOST_TICKS or any(not (t.isascii() and t.isdigit() and len(t) < 19) for t in ids):
        raise Http404
    return {"ids": [int(text) for text in ids]}


def noun_of(data: QueryDict, user: Any) -> str:
    """The list's noun, of those this person may see. Raises Http404."""
    noun = data.get("noun", "")
    if noun in LISTS and user.has_perm(LISTS[noun].permission) and data.get("scope") == "all":
        return noun
    if noun not in LISTINGS or not permitted(user, "view", noun):
        raise Http404
    return noun


def narrowed_by(staff: Any, noun: str, asked: dict[str, Any]) -> list[str]:
    """The filters in words: what the page says is in the file."""
    if noun in LISTS:
        return LISTS[noun].narrowed(staff, asked.get("query", {}))
    if "ids" in asked:
        return [f"ticked {PLURALS[noun]} only"]
    listing, query = LISTINGS[noun], asked.get("query", {})
    view = listing.view(query)
    said = [f"view {view.label}"] if view.where is not None else []
    said += [f"{f.label} {f.said(staff, value)}" for f, value in listing.applied(staff, query)]
    said += [f"{f.label} {value}" for f, value in listing.unusable(staff, query)]
    return [*said, f"search “{query['q']}”"] if query.get("q", "").strip() else said


def plural(noun: str) -> str:
    return LISTS[noun].many if noun in LISTS else PLURALS[noun]


def page_of(noun: str) -> str:
    """The address of the list it came from."""
    return reverse(LISTS[noun].address) if noun in LISTS else f"/records/{noun}/"


def columns_of(noun: str, shape: str) -> Sequence[Told]:
    """A list that is no record's has one shape."""
    return LISTS[noun].columns if noun in LISTS else columns.columns_of(noun, shape)


def masked_words(noun: str) -> str:
    """The columns that a masked file does not show whole: "phone and e-mail"."""
    headings = columns.masked(noun) or [""]
    *some, last = [one if one.isupper() else f"{one[:1].lower()}{one[1:]}" for one in headings]
    return f"{', '.join(some)} and {last}" if some else last


def write(pk: int) -> None:
    services.write(pk, rows_of, columns_of)
