"""Ours · acknowledged · theirs, side by side: a choice per field, none preset, and a reason.

A field in conflict must be decided; one that only differs may be. Imports sync's conflicts and the pages.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from partnerportal.console import both_sides, cells, titles
from partnerportal.console.acting import acting
from partnerportal.console.permitted import permitted
from partnerportal.console.record_acts import NO_KEY
from partnerportal.console.record_pages import in_sight
from partnerportal.delivery import services
from partnerportal.kernel.numbers import counted
from partnerportal.records.account import NotAllowed
from partnerportal.sync import conflicts, lists

SIDES = (conflicts.OURS, conflicts.THEIRS)
MOST_REASON = 500


@dataclass(frozen=True)
class Line:
    """One field. `must`: it is in conflict, `late`: by a request of ours that arrived late; `chosen`: ticked
    before; `error`: why not.
    """

    name: str
    label: str
    ours: str
    acknowledged: str
    theirs: str
    must: bool
    late: bool = False
    chosen: str = ""
    error: str = ""


def difference_page(request: HttpRequest, noun: str, pk: int) -> HttpResponse:
    """The comparison; a POST decides."""
    record = _known(request, noun, pk)
    if request.method == "POST":
        if not permitted(request.user, "change", noun):
            raise PermissionDenied(noun)
        return _decide(request, record)
    return _page(request, record, {}, {})


def _known(request: HttpRequest, noun: str, pk: int) -> Any:
    if noun not in lists.NOUNS or not permitted(request.user, "view", noun):
        raise Http404
    return in_sight(request, noun, pk)


def _page(
    request: HttpRequest, record: Any, choices: dict[str, str], errors: dict[str, str], status: int = 200
) -> HttpResponse:
    fields = lines(record, request.user, choices, errors)
    may = request.user.has_perm("delivery.decide") and permitted(request.user, "change", record.noun)
    context = {
        "title": str(record),
        "about": titles.title_of(record),
        "record": record,
        "page": cells.page_of(record),
        "enterprise": record if record.noun == "enterprise" else record.enterprise,
        "lines": fields,
        "in_conflict": sum(line.must and not line.late for line in fields),
        "arrived_late": sum(line.late for line in fields),
        "stamp": conflicts.stamp(record),
        "reason": request.POST.get("reason", "")[:MOST_REASON],
        "errors": errors,
        "may": may and bool(fields),
        "may_push": request.user.has_perm("delivery.push"),
        "besides": _labels(record, conflicts.changed_here_alone(record)),
    }
    return render(request, "sync/conflict.html", context, status=status)


def lines(record: Any, user: Any, choices: dict[str, str], errors: dict[str, str]) -> list[Line]:
    """The fields that are not the same, those in conflict first."""
    found, late = [], set(record.wire.landed_late(record, record.remote or {}))
    for name in conflicts.open_fields(record):
        attribute = record.wire.attribute(name)
        sides, must = both_sides.three(record, attribute, user), name in record.conflicts
        picked, error = choices.get(name, ""), errors.get(name, "")
        line = Line(name, attribute.label, *sides, must=must, late=must and name in late)
        found.append(replace(line, chosen=picked, error=error))
    return found


def _decide(request: HttpRequest, record: Any) -> HttpResponse:
    choices = _choices(request, record)
    reason = " ".join(request.POST.get("reason", "").split())[:MOST_REASON]
    errors = _missing(record, choices, reason, request.user)
    if errors:
        return _page(request, record, choices, errors, status=422)
    try:
        row = conflicts.decide(
            acting(request, record), record.noun, record.pk, choices, reason, request.POST.get("stamp", "")
        )
    except conflicts.ChangedMeanwhile:
        messages.warning(request, f"{record.short_id} was changed while this page was open. Look again.")
        return redirect("difference", record.noun, record.pk)
    except conflicts.CantHold as error:
        problem = {error.attribute: _why_not(record, error.attribute)}
        return _page(request, record, choices, problem, status=422)
    except NotAllowed as error:
        return _page(request, record, choices, {error.field or "base": str(error)}, status=422)
    going = _labels(row, row.dirty)
    _say(request, row, choices, going if _push(request, row) else "")
    return redirect(f"{reverse('differences')}?tab=conflicts" if not row.conflicts else cells.page_of(row))


def _why_not(record: Any, name: str) -> str:
    """Why theirs can't be taken, and what to do instead."""
    if both_sides.names_another(record.wire.attribute(name)):
        return f"{record.wire.label(name)}: what it names is not here. Bring that in first, or keep ours."
    return "The portal's field can't hold this value. Keep ours, or change it there."


def _choices(request: HttpRequest, record: Any) -> dict[str, str]:
    """What was ticked; the two buttons "for all" stand for each field in conflict."""
    every = request.POST.get("all", "")
    open_ones = conflicts.open_fields(record)
    if every in SIDES:
        return dict.fromkeys(record.conflicts or open_ones, every)
    said = {name: request.POST.get(f"keep-{name}", "") for name in open_ones}
    return {name: side for name, side in said.items() if side in SIDES}


def _missing(record: Any, choices: dict[str, str], reason: str, user: Any) -> dict[str, str]:
    errors = {name: "Choose which value stays." for name in record.conflicts if name not in choices}
    if not choices and not errors:
        errors["base"] = "Choose a value for at least one field."
    if not reason:
        errors["reason"] = "Write why, in a few words: it is kept with the decision."
    return errors


def _labels(record: Any, names: list[str]) -> str:
    return ", ".join(record.wire.label(name) for name in names)


def _say(request: HttpRequest, row: Any, choices: dict[str, str], going: str) -> None:
    """`going`: the labels of what is being sent."""
    ours = sum(side == conflicts.OURS for side in choices.values())
    theirs = len(choices) - ours
    said = [f"{counted(n, 'field')} {word}" for n, word in ((ours, "kept as ours"), (theirs, "taken")) if n]
    sending = f" Being sent: {going}." if going else ""
    messages.success(request, f"{row.short_id}: {', '.join(said)}.{sending}")


def _push(request: HttpRequest, row: Any) -> bool:
    """What stays ours goes out, where the person may push and asked for it; whether it does."""
    if not (row.dirty and request.POST.get("push") and request.user.has_perm("delivery.push")):
        return False
    try:
        services.request_push(acting(request, row), row)
        return True
    except services.NoKey:
        messages.error(request, NO_KEY)
    except services.NotValid as error:
        messages.warning(request, f"Not sent: {error}")
    return False
