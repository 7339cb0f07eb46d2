"""Who may write through Try It: an administrator opens production for a time, and grants it to a person.

POSTs only; each is an entry. Imports explorer's windows and accounts' grants.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from partnerportal.accounts import try_it_grant
from partnerportal.accounts.models import Staff
from partnerportal.accounts.staff import NotAllowed
from partnerportal.console import formats
from partnerportal.console.acting import acting
from partnerportal.console.people import current
from partnerportal.explorer import windows


@require_POST
def writes(request: HttpRequest) -> HttpResponse:
    """Open for 15 or 60 minutes, or close."""
    minutes = request.POST.get("minutes", "")
    if minutes == "0":
        windows.close_writes(acting(request))
        messages.success(request, "Writes through Try It are closed.")
    elif minutes.isdecimal() and int(minutes) in windows.MINUTES:
        window = windows.open_writes(current(request), int(minutes), acting(request))
        messages.warning(request, f"Writes through Try It are open until {formats.instant(window.until)}.")
    return redirect("reference")


@require_POST
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a person write through Try It, or take that back."""
    staff = get_object_or_404(Staff, pk=pk)
    allowed = request.POST.get("allowed") == "yes"
    try:
        try_it_grant.change(staff, allowed, current(request), acting(request))
        may = "may" if allowed else "may not"
        messages.success(request, f"{staff.username} {may} write through Try It.")
    except NotAllowed as error:
        messages.error(request, str(error))
    return redirect("staff_member", pk)
