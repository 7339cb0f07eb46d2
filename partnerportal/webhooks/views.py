"""The address that Inbox Health calls, and the short way to it. Imports intake.

No session, no cookie, no form: the signature is the proof. So `Door` stands before all other middleware.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from integrations.inboxhealth.signature import HEADER
from partnerportal.webhooks.intake import Call, take

_SIGNATURE = f"HTTP_{HEADER.upper().replace('-', '_')}"
_PATH = re.compile(r"/webhooks/([A-Za-z0-9_-]{20,64})/").fullmatch
_SAYS = {
    400: "The body is no JSON object.",
    401: "The signature does not fit.",
    404: "Not found.",
    405: "Only POST is taken here.",
    411: "Say how long the body is.",
    413: "That is more than an event is.",
    415: "Send application/json.",
    503: "Not now. Send it again.",
}


class Door:
    """Answers what is sent to an endpoint and lets everything else pass."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        found = _PATH(request.path_info)
        return receive(request, found[1]) if found else self.get_response(request)


@csrf_exempt
def receive(request: HttpRequest, token: str) -> HttpResponse:
    """200 `{}` once the event is stored; else the status says why not."""
    try:
        status = take(token, _call(request))
    except DatabaseError:
        status = 503
    except UnreadablePostError:  # who sent it went away in the middle
        status = 400
    if status == 200:
        return HttpResponse(b"{}", content_type="application/json", headers={"Content-Length": "2"})
    said = _SAYS[status]
    length = {"Content-Length": str(len(said))}  # no middleware follows that would say it
    response = HttpResponse(said, status=status, content_type="text/plain", headers=length)
    if status == 405:
        response["Allow"] = "POST"
    # Django would log each refusal with its path, which holds the token; they are counted instead.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def _call(request: HttpRequest) -> Call:
    length = request.META.get("CONTENT_LENGTH") or ""
    return Call(
        method=request.method or "",
        content_type=request.META.get("CONTENT_TYPE") or "",
        length=int(length) if length.isdigit() and len(length) < 12 else None,
        signature=request.META.get(_SIGNATURE, ""),
        read=lambda: request.body,
    )
