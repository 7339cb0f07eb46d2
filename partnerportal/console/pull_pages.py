"""Reading what is there: the button, and the page of one pass with its progress. Imports sync.

The page polls only its moving part.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from partnerportal.accounts.middleware import POLL_HEADER
from partnerportal.console import difference_rows
from partnerportal.console.acting import acting
from partnerportal.console.record_acts import NO_KEY
from partnerportal.console.record_pages import in_sight
from partnerportal.jobs.models import Job
from partnerportal.kernel.numbers import counted
from partnerportal.sync import services
from partnerportal.sync.models import Pull, PullPart

WORDS = {
    Job.State.RUNNING: ("Reading", "blue", "sync"),
    Job.State.DONE: ("Done", "green", "check"),
    Job.State.FAILED: ("Failed", "red", "error"),
}
COUNTS = (
    ("read", "read"),
    ("changed", "changed here"),
    ("conflicts", "in conflict"),
    ("taken_in", "brought in"),
    ("linked", "tied to ours"),
    ("only_there", "new, only there"),
    ("duplicates", "possible duplicates"),
    ("missing", "missing there"),
    ("not_read", "not read"),
)
FAILURES = {
    "key_refused": "Inbox Health refused the key. Replace it, then read again.",
    "other_environment": "This portal belongs to another environment. Nothing was read.",
}
STATES = {
    PullPart.State.WAITING: ("Waiting", "grey", "schedule"),
    PullPart.State.DONE: ("Read", "green", "check"),
    PullPart.State.NOT_READ: ("Not read", "orange", "error"),
    PullPart.State.IDLE: ("Waiting", "grey", "schedule"),
}


@require_POST
def pull_start(request: HttpRequest) -> HttpResponse:
    """Read everything now, or all of one enterprise."""
    named = request.POST.get("enterprise", "")
    enterprise = in_sight(request, "enterprise", int(named)) if named.isascii() and named.isdigit() else None
    if enterprise is None and not request.user.all_enterprises:  # type: ignore[union-attr]
        messages.warning(request, "Choose an enterprise: your account sees some of them only.")
        return redirect("differences")
    try:
        pull = services.request_pull(acting(request), full=True, enterprise=enterprise)
    except services.NoKey:
        messages.error(request, NO_KEY)
        return redirect("differences")
    return redirect("pull", pull.pk)


@require_POST
def take_in_start(request: HttpRequest) -> HttpResponse:
    """Bring in all that is only there of one enterprise."""
    named = request.POST.get("enterprise", "")
    if not (named.isascii() and named.isdigit() and request.user.has_perm("delivery.push")):
        raise Http404
    enterprise = in_sight(request, "enterprise", int(named))
    if enterprise.remote_id is None:
        raise Http404
    try:
        pull = services.request_taking_in(acting(request), enterprise)
    except services.NoKey:
        messages.error(request, NO_KEY)
        return redirect("differences")
    return redirect("pull", pull.pk)


def pull_page(request: HttpRequest, pk: int) -> HttpResponse:
    pull = get_object_or_404(Pull.objects.select_related("job", "enterprise"), pk=pk)
    _in_scope(request.user, pull)
    job, failed = pull.job, pull.job.state == Job.State.FAILED
    context = {
        "title": f"{job.label} ({job.short_id})",
        "label": _label(pull),
        "job": job,
        "pull": pull,
        "open": job.state == Job.State.RUNNING,
        "word": WORDS.get(Job.State(job.state), ("Ended", "grey", "block")),
        "percent": round(100 * job.done / job.total) if job.total else 0,
        "sentence": _sentence(job),
        "counts": [(label, job.report.get(name, 0)) for name, label in COUNTS if job.report.get(name)],
        "failure": FAILURES.get(job.report.get("reason", ""), "Nothing more could be read.")
        if failed
        else "",
        "reason": job.report.get("reason", ""),
        "not_read": job.report.get("not_read", 0),
        "parts": [
            _line(part) for part in pull.parts.select_related("enterprise").order_by("place", "pk")[:200]
        ],
        "more": max(0, pull.parts.count() - 200),
    }
    polled = POLL_HEADER in request.headers
    return render(request, "sync/pull_live.html" if polled else "sync/pull.html", context)


def _label(pull: Pull) -> str:
    """What is read, with the enterprise by its name: "Adopt North Clinic"."""
    enterprise, label = pull.enterprise, str(pull.job.label)
    if enterprise is None or not enterprise.name:
        return label
    return label.replace(enterprise.short_id, enterprise.name)


def _in_scope(user: Any, pull: Pull) -> None:
    if user.all_enterprises:
        return
    if pull.enterprise_id is None or not user.scope.filter(enterprise_id=pull.enterprise_id).exists():
        raise Http404


def _sentence(job: Job) -> str:
    lists = f"{job.done:,} of {counted(job.total, 'list')} read"
    return lists if job.state == Job.State.RUNNING else f"{counted(job.total, 'list')}"


def _line(part: PullPart) -> tuple[Any, ...]:
    word, colour, icon = STATES[PullPart.State(part.state)]
    if part.state == PullPart.State.WAITING and (part.counts or part.lease_owner):
        word, colour, icon = "Being read", "blue", "sync"
    row, failed = difference_rows.of_part(part), part.state == PullPart.State.NOT_READ
    where = f"page {part.page:,} of {part.pages:,}" if part.pages and part.state == "waiting" else ""
    said, about = (row.fields, row.about or ["not_read"]) if failed else (where, [])
    return row.title, word, colour, icon, part.counts.get("read", 0), said, about
