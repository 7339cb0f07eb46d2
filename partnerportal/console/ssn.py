"""What a page may do with an SSN: reveal one for 30 s, and search by one. POST only, each an entry.

Imports records, the keyring's fingerprint and audit.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from partnerportal.audit import entries
from partnerportal.console.acting import acting
from partnerportal.console.record_pages import in_sight
from partnerportal.kernel import keyring
from partnerportal.records.models import Patient
from partnerportal.records.wire import canonical


@require_POST
@never_cache
def reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """The SSN as plain text; our script shows it for 30 s."""
    patient = in_sight(request, "patient", pk)
    entries.write("ssn_revealed", acting(request, patient))
    digits = str(canonical.digits(patient.ssn) or "")
    return HttpResponse(
        f"{digits[:3]}-{digits[3:5]}-{digits[5:]}" if digits else "", content_type="text/plain"
    )


@require_POST
@never_cache
def search(request: HttpRequest) -> HttpResponse:
    """Straight to the patient where there is one; the number itself is written nowhere."""
    digits = str(canonical.digits(request.POST.get("ssn", "")) or "")
    rows = Patient.objects.visible_to(request.user).light().select_related("enterprise")
    found = (
        list(rows.filter(ssn_fingerprint=keyring.fingerprint("ssn", digits))[:20]) if len(digits) == 9 else []
    )
    entries.write("patients_searched_by_ssn", acting(request), {"found": [p.short_id for p in found]})
    if len(found) == 1:
        return redirect("admin:records_patient_change", found[0].pk)
    context = {"title": "Patients by SSN", "found": found, "whole": len(digits) == 9}
    return render(request, "records/by_ssn.html", context)
