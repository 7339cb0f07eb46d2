"""Put the onboarding checklist away, or bring it back: each person their own. Imports accounts and audit."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from partnerportal.audit import entries
from partnerportal.console.acting import acting
from partnerportal.console.people import current


@require_POST
def show_or_hide(request: HttpRequest) -> HttpResponse:
    """`hide` puts it away; without it the list is shown again. What is done stays done either way."""
    staff, hide = current(request), request.POST.get("hide") == "yes"
    with transaction.atomic():
        staff.checklist_hidden_at = timezone.now() if hide else None
        staff.save(update_fields=["checklist_hidden_at"])
        entries.write("checklist_hidden" if hide else "checklist_shown", acting(request))
    if hide:
        messages.info(request, "The checklist is put away. Preferences bring it back.")
    return redirect("account")
