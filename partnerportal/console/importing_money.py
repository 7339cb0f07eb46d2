"""What an import of money asks and offers besides: names to place, what is pushed after it.

Imports the records' imports and the mirror; the only POST here is `import_names`.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from partnerportal.console.acting import acting
from partnerportal.console.importing_seen import visible_import
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.plans import of_nouns
from partnerportal.records.imports import services
from partnerportal.records.imports.catalogue import KINDS
from partnerportal.records.imports.money.names import DOCTOR, METHOD, NOBODY, PRACTICE
from partnerportal.records.models import RECORDS, Doctor, Import, Payment, Practice

SHOWN = 100  # names asked for at a time
_ASKED = {
    DOCTOR: ("Doctors", "Which doctor is it?", "names no doctor"),
    PRACTICE: ("Practices", "Which practice is it?", "no practice named"),
    METHOD: ("How it was paid", "What does it mean?", "nothing said"),
}
Option = tuple[str, str]


def nouns_of(found: Import) -> list[str]:
    """What an import made or changed, parents first."""
    made = set(found.records.order_by().values_list("noun", flat=True).distinct())
    return [noun for noun in RECORDS if noun in made]


def push_label(found: Import, user: Any) -> str:
    """The button that leads to the push of all that the file brought; "" where nothing is left to push.

    What is on its way already is not offered again.
    """
    numbers = {noun: unsent(found, noun, user).count() for noun in nouns_of(found)}
    of_one = set(filter(numbers.get, numbers)) <= {KINDS[found.kind].noun}
    what = f"{sum(numbers.values()):,}" if of_one and not KINDS[found.kind].is_money else of_nouns(numbers)
    return f"Review push of {what}…" if any(numbers.values()) else ""


def unsent(found: Import, noun: str, user: Any) -> Any:
    """Records of the import that could be sent now. Lines of an unsent invoice go out with it."""
    rows = services.imported(found, noun).visible_to(user).filter(not_valid=[]).exclude(dirty=[])
    if not KINDS[found.kind].is_money:
        return rows  # those on their way join the push
    rows = rows.exclude(delivery_state__in=Delivery.OPEN)
    return rows.filter(invoice__remote_id__isnull=False) if noun == "line_item" else rows


def to_place(found: Import) -> list[dict[str, Any]]:
    """Names that nobody placed, most used first; then those a person placed before."""
    if found.enterprise is None or not KINDS[found.kind].is_money:
        return []
    options = _options(found.enterprise)
    asked = []
    for noun, (title, question, blank) in _ASKED.items():
        for text, rows in found.layout.get("unplaced", {}).get(noun, {}).items():
            asked.append((noun, title, question, text, blank, rows, ""))
        for text, value in found.layout.get("placed", {}).get(noun, {}).items():
            asked.append((noun, title, question, text, blank, 0, value))
    asked.sort(key=lambda one: (one[6] != "", -one[5]))
    return [
        {
            "field": f"name-{number}", "noun": noun, "title": title, "question": question, "text": text,
            "shown": text or f"({blank})", "rows": rows, "value": value, "options": options[noun],
        }
        for number, (noun, title, question, text, blank, rows, value) in enumerate(asked[:SHOWN])
    ]  # fmt: skip


def questions(found: Import) -> dict[str, Any]:
    """What the page of a checked import asks."""
    names = to_place(found)
    return {
        "to_place": names,
        "unplaced": sum(not one["value"] for one in names),
        "asks_spread": bool(found.facts.get("bare_payments")),
        "bare": found.facts.get("bare_payments", 0),
        "spread": found.layout.get("options", {}).get("spread", True),
    }


def _options(enterprise: Any) -> dict[str, list[Option]]:
    doctors = Doctor.objects.filter(enterprise=enterprise).light().order_by("last_name", "first_name", "pk")
    practices = Practice.objects.filter(enterprise=enterprise).light().order_by("name", "pk")
    named = [
        (str(d.pk), f"{d.first_name} {d.last_name}{f' · NPI {d.npi}' if d.npi else ''}") for d in doctors
    ]
    return {
        DOCTOR: [(NOBODY, "No doctor on the invoice"), *named],
        PRACTICE: [(str(p.pk), f"{p.name}{f' · {p.city}' if p.city else ''}") for p in practices],
        METHOD: [(str(value), str(label)) for value, label in Payment.Method.choices],
    }


@require_POST
def import_names(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what the names mean, for this file and the next ones, and check the file again."""
    found = visible_import(request, pk)
    if not request.user.has_perm(KINDS[found.kind].permission):
        raise PermissionDenied("import")
    said: dict[str, dict[str, str]] = {}
    for one in to_place(found):
        value = request.POST.get(one["field"], "")
        if value != one["value"]:
            said.setdefault(one["noun"], {})[one["text"]] = value
    spread = {"oldest": True, "credit": False}.get(request.POST.get("spread", ""))
    try:
        services.choose_names(acting(request), found, said, spread=spread)
    except services.NotReady as why:
        messages.warning(request, str(why))
    return redirect("job", pk)
