"""The API reference: resources, one page an operation, the document to download. Imports explorer's parts.

For everyone who is signed in; whether Try It may be used is said on the page and asked again when it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from integrations.inboxhealth.examples import PATH_ID, example
from integrations.inboxhealth.openapi import document
from integrations.inboxhealth.operations import OPERATIONS, Operation
from partnerportal.accounts.gateway import key_for
from partnerportal.accounts.key_test import host
from partnerportal.accounts.models import Staff
from partnerportal.audit import masking, reading
from partnerportal.audit.models import Exchange
from partnerportal.console import reference_outline, reference_words
from partnerportal.console.people import current
from partnerportal.console.reference_forms import PATH, QUERY, TryForm, as_text, typed
from partnerportal.explorer import prefill, snippets
from partnerportal.explorer.allowed import ADMINISTRATOR, Refusal, refusal
from partnerportal.explorer.models import Draft, Trial, WriteWindow
from partnerportal.explorer.windows import MINUTES
from partnerportal.kernel.environment import environment_name

FORM = "form"  # of a draft: nothing was tried, the form says what is wrong, if anything


@require_GET
def reference(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "")[:80]
    context = {
        "title": "API reference",
        **around(request, query),
        "base_url": settings.INBOX_HEALTH_BASE_URL,
    }
    return render(request, "reference/index.html", context)


@require_GET
def openapi(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3.1, as a file."""
    answer = JsonResponse(document(settings.INBOX_HEALTH_BASE_URL), json_dumps_params={"indent": 1})
    answer["Content-Disposition"] = 'attachment; filename="inbox-health-openapi.json"'
    return answer


@require_GET
def operation(request: HttpRequest, name: str) -> HttpResponse:
    """One operation, its form filled from an own earlier run, the address, or the example."""
    found = known(name)
    named = request.GET.get("draft", "")
    mine = Draft.objects.filter(staff=current(request), operation=found.name)
    draft = mine.filter(pk=int(named)).first() if _is_id(named) else None
    if draft is None:
        return operation_page(request, TryForm(found, _filled(request, found)))
    form = TryForm(found, draft.said)
    if draft.problem != FORM:
        return operation_page(request, form, draft.problem, draft.detail)
    form.asked()  # says what is wrong with it
    return operation_page(request, form)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def known(name: str) -> Operation:
    """The operation of a page's address. Raises Http404."""
    found = OPERATIONS.get(name)
    if found is None:
        raise Http404
    return found


def operation_page(request: HttpRequest, form: TryForm, reason: str = "", detail: Any = None) -> HttpResponse:
    """The page with this form; `reason` and `detail`: why nothing was sent."""
    outline = reference_outline.outlined(form.operation.name)
    problem = reference_words.not_sent(reason, detail) if reason else ""
    context = {
        "title": outline.title,
        "outline": outline,
        "form": form,
        "problem": problem,
        "reason": reason,
        "wrong": reference_words.wrong(detail) if reason == "not_valid" else [],
        "body_rows": min(22, form.body.count("\n") + 2),
        "example": as_text(example(form.operation)),
        "code": _code(form.operation, current(request)),
        **around(request, "", form.operation),
        **standing(request, form.operation),
    }
    failed = bool(problem or form.errors)
    return render(request, "reference/operation.html", context, status=422 if failed else 200)


def around(request: HttpRequest, query: str = "", shown: Operation | None = None) -> dict[str, Any]:
    """What every page of the reference shows beside its own: the outline, and whether writes are open."""
    return {
        "query": query,
        "resources": reference_outline.matching(query),
        "shown": shown,
        "shown_resource": shown.name.partition(".")[0] if shown else "",
        "rate": settings.INBOX_HEALTH_RATE,
        "burst": settings.INBOX_HEALTH_BURST,
        "production": environment_name() == "production",
        "window": WriteWindow.now_open(),
        "minutes": MINUTES,
        "may_open": request.user.has_perm(ADMINISTRATOR),
    }


def standing(request: HttpRequest, found: Operation) -> dict[str, Any]:
    """Where and on which key a run would go, and why not."""
    staff = current(request)
    against, key = refusal(staff, found), key_for(staff)
    reason = "no_key" if against is Refusal.NONE and key is None else against
    return {
        "against": reference_words.AGAINST.get(reason, ""),
        "against_word": str(reason),
        "host": host(),
        "key": key.fingerprint if key else "",
        "own_key": bool(key and key.owner_id == staff.pk),
    }


def _filled(request: HttpRequest, found: Operation) -> Mapping[str, str]:
    staff = current(request)
    again = request.GET.get("from", "")
    if again.isdecimal() and (said := _as_run(staff, found, int(again))):
        return said
    ids = prefill.chosen(staff)
    said = {"body": as_text(prefill.body(found, ids))}
    said |= {f"{PATH}id": str(prefill.path_id(found, ids))} if "{id}" in found.path else {}
    said |= {f"{QUERY}per_page": "25"} if found.paged else {}
    given = {name: str(value)[:200] for name, value in request.GET.items()}
    return said | {name: value for name, value in given.items() if name.startswith((PATH, QUERY))}


def _as_run(staff: Staff, found: Operation, trial_id: int) -> dict[str, str]:
    """The form as it was when it was run; SSNs do not come back."""
    trial = Trial.objects.filter(pk=trial_id, staff=staff, operation=found.name).first()
    exchange = Exchange.objects.filter(pk=trial.exchange).first() if trial and trial.exchange else None
    if exchange is None:
        return {}
    sent = reading.read_one(exchange).sent
    return typed(found, str(sent.values.get("url", "")), masking.page_body(sent.body, reveal=True))


def _code(found: Operation, staff: Staff) -> list[tuple[str, str]]:
    """The example as curl and as Python."""
    key = key_for(staff)
    scheme = key.scheme if key else settings.INBOX_HEALTH_AUTH_SCHEME
    url = settings.INBOX_HEALTH_BASE_URL.rstrip("/") + found.path.replace("{id}", str(PATH_ID))
    body = as_text(example(found))
    return code(found.verb, url, body, scheme)


def code(method: str, url: str, body: str, scheme: str) -> list[tuple[str, str]]:
    """(title, text) of each form of a call to copy."""
    return [
        ("As curl", snippets.as_curl(method, url, body, scheme)),
        ("As Python", snippets.as_python(method, url, body, scheme)),
    ]
