"""Running an operation: reads at once, writes after a page that says what will be sent, and the result.

The result is a page of its own, so that loading it again sends nothing. Imports explorer and the reference.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from integrations.inboxhealth.operations import Operation
from partnerportal.accounts.models import ApiKey
from partnerportal.audit import masking, reading
from partnerportal.audit.models import Exchange
from partnerportal.audit.reading import Reading
from partnerportal.console import audit_words, reference_words, titles
from partnerportal.console.acting import acting
from partnerportal.console.people import current
from partnerportal.console.readable import body_of
from partnerportal.console.reference import FORM, around, code, known, operation_page, standing
from partnerportal.console.reference_forms import TryForm
from partnerportal.console.reference_outline import outlined
from partnerportal.explorer import about, trying
from partnerportal.explorer.models import Draft, Trial
from partnerportal.explorer.trying import Asked, NotSent, SentBefore
from partnerportal.kernel.ids import short_id


@never_cache
@require_POST
def try_operation(request: HttpRequest, name: str) -> HttpResponse:
    """A read is sent; a write is shown first, and sent by the second POST. Each leads to another page."""
    form = TryForm(known(name), request.POST.dict())
    asked = form.asked()
    if asked is None or "back" in request.POST:
        return _to_form(request, form, FORM)
    staff = current(request)
    try:
        if asked.operation.writes and "confirmed" not in request.POST:
            trying.prepared(asked, staff, acting(request))
            draft = Draft.keep(staff, form.operation.name, dict(form.hidden))
            return redirect("reference_confirm", form.operation.name, draft.pk)
        return _result_of(trying.run(asked, staff, acting(request), _token(request)))
    except SentBefore as before:
        return _result_of(before.trial)
    except NotSent as error:
        return _to_form(request, form, str(error.reason), error.detail)


def _to_form(request: HttpRequest, form: TryForm, problem: str, detail: Any = None) -> HttpResponse:
    """The operation's page with what was typed, and why nothing was sent."""
    name = form.operation.name
    draft = Draft.keep(current(request), name, dict(form.hidden), problem, detail)
    return redirect(f"{reverse('reference_operation', args=[name])}?draft={draft.pk}#try")


@never_cache
@require_GET
def confirm(request: HttpRequest, name: str, pk: int) -> HttpResponse:
    """What will be sent; Back leads here too, and sends nothing twice."""
    draft = Draft.objects.filter(pk=pk, staff=current(request), operation=known(name).name).first()
    if draft is None:
        return redirect("reference_operation", name)
    form = TryForm(known(name), draft.said)
    asked = form.asked()
    try:
        return operation_page(request, form) if asked is None else _confirm(request, form, asked, draft)
    except NotSent as error:
        return operation_page(request, form, error.reason, error.detail)


def _token(request: HttpRequest) -> uuid.UUID:
    """The confirmation's own: sent twice, it sends once."""
    try:
        return uuid.UUID(request.POST.get("token", ""))
    except ValueError:
        return uuid.uuid4()


def _result_of(trial: Trial) -> HttpResponse:
    return redirect("reference_tried", trial.pk)


def _confirm(request: HttpRequest, form: TryForm, asked: Asked, draft: Draft) -> HttpResponse:
    """What will be sent, where, on which key. Raises NotSent."""
    wire, _ = trying.prepared(asked, current(request), acting(request))
    outline = outlined(asked.operation.name)
    context = {
        "title": f"{outline.title}: send it?",
        "outline": outline,
        "form": form,
        "url": masking.page_url(wire.full_url, reveal=True),
        "body": _pretty(form.body),
        "token": draft.token,
        "deletes": asked.operation.verb == "DELETE",
        "of": _whom(asked),
        **around(request, "", asked.operation),
        **standing(request, asked.operation),
    }
    return render(request, "reference/confirm.html", context)


def _whom(asked: Asked) -> str:
    """Our record that the address names; "" where it names none that is here."""
    model = about.BY_RESOURCE.get(asked.operation.name.partition(".")[0])
    row = about.find(model, asked.path.get("id")) if model else None
    return titles.named(row) if row is not None else ""


def _pretty(body: str) -> str:
    return masking.page_body(body, reveal=True) if '"ssn"' in body.lower() else body


@never_cache
@require_GET
def tried(request: HttpRequest, pk: int) -> HttpResponse:
    """What came of a run, for who ran it; everybody else finds it under Exchanges."""
    staff = current(request)
    trial = get_object_or_404(Trial, pk=pk, staff=staff)
    found = known(trial.operation)
    exchange = Exchange.objects.filter(pk=trial.exchange or 0).first()
    read = reading.read_one(exchange) if exchange else None
    answer = read.answer if read else None
    went_out = trial.problem not in reference_words.NOT_SENT
    doubtful = found.writes and went_out and (answer is None or answer.outcome == "unknown")
    context = {
        "title": f"{outlined(found.name).title}: result",
        "trial": trial,
        "outline": outlined(found.name),
        "answer": answer,
        "outcome": audit_words.outcome(answer),
        "sentence": reference_words.verdict(found, answer, trial.problem),
        "about": reference_words.about(answer, trial.problem),
        "mirrored_about": trial.mirrored if trial.mirrored in reference_words.STAYS_OPEN else "",
        "mirrored": reference_words.MIRRORED.get(trial.mirrored, ""),
        "link_here": trial.mirrored == "clash",
        "look": _look(found, read) if doubtful else None,
        "exchange_id": short_id("exchange", exchange.pk) if exchange else "",
        **(_shown(request, read) if read else {}),
        **around(request, "", found),
    }
    return render(request, "reference/tried.html", context)


def _shown(request: HttpRequest, read: Reading) -> dict[str, Any]:
    reveal = request.user.has_perm("accounts.reveal_phi")
    url = masking.page_url(str(read.sent.values.get("url") or read.exchange.url), reveal=reveal)
    sent = body_of(read.sent, reveal=reveal)
    key = ApiKey.objects.filter(fingerprint=read.exchange.credential_fingerprint).order_by("-pk").first()
    return {
        "exchange": read.exchange,
        "url": url,
        "sent": sent.raw,
        "received": body_of(read.received, reveal=reveal) if read.answer else None,
        "code": code(read.exchange.method, url, sent.raw, key.scheme if key else "basic"),
    }


def _look(found: Operation, read: Reading | None) -> tuple[str, str]:
    """The address and the words of the button that looks there."""
    name, words = reference_words.look(found)
    url = str(read.sent.values.get("url", "")) if read else ""
    last = url.partition("?")[0].rstrip("/").rpartition("/")[2]
    by_id = name.endswith(".get") and last.isdecimal()
    query = f"?path_id={last}" if by_id else "?query_sort=-id&query_per_page=5"
    return reverse("reference_operation", args=[name]) + query + "#try", words
