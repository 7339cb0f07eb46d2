"""Short addresses: / leads to Account Settings, /P-48213 to that record's page. Imports records."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import NoReverseMatch, reverse

from partnerportal.jobs.models import Job
from partnerportal.kernel import ids
from partnerportal.records.models import RECORDS, Export

PAGES = {
    "batch": "batch",
    "delivery": "delivery",
    "exchange": "exchange",
    "plan": "plan",
    "job": "job",
    "endpoint": "endpoint",
    "event": "event",
}  # nouns that are no records, and the URL name of their page


def root(request: HttpRequest) -> HttpResponse:
    return redirect("account")


def record(request: HttpRequest, prefix: str, number: int) -> HttpResponse:
    """A foreign enterprise's record is as unknown as one that never was."""
    found = ids.parse(f"{prefix}-{number}")
    if found is None:
        raise Http404
    noun, pk = found
    if noun in RECORDS and noun not in PAGES:
        get_object_or_404(RECORDS[noun].objects.visible_to(request.user).light(), pk=pk)
        return redirect(f"admin:records_{noun}_change", pk)
    return redirect(address(noun, pk))


def address(noun: str, pk: int) -> str:
    """The page of anything with a short id. Raises Http404 where its noun has none."""
    if noun in RECORDS and noun not in PAGES:
        return reverse(f"admin:records_{noun}_change", args=[pk])
    if noun == "job" and Export.objects.filter(pk=pk).exists():
        return reverse("export", args=[pk])
    if noun == "job" and Job.objects.filter(pk=pk, kind=Job.Kind.REFRESH).exists():
        return reverse("comparison", args=[pk])
    if noun == "job" and Job.objects.filter(pk=pk, kind=Job.Kind.PULL).exists():
        return reverse("pull", args=[pk])
    try:
        return reverse(PAGES[noun], args=[pk])
    except (KeyError, NoReverseMatch):
        raise Http404 from None
