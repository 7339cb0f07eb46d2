"""The Keys page: every key by fingerprint, for administrators. Imports accounts and the audit's exchanges."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from partnerportal.accounts.models import ApiKey
from partnerportal.audit.models import Exchange
from partnerportal.console.key_words import key_view
from partnerportal.console.people import current


@require_GET
def keys_page(request: HttpRequest) -> HttpResponse:
    """Live keys first, then the revoked ones, newest first."""
    rows = list(ApiKey.objects.select_related("owner").order_by("-pk"))
    rows.sort(key=lambda key: (key.revoked_at is not None, not key.is_service))
    used = _last_used({key.fingerprint for key in rows})
    me = current(request).pk
    context = {
        "title": "Keys",
        "keys": [
            (key_view(key, used.get(key.fingerprint)), key.owner_id == me, key.owner_id is None)
            for key in rows
        ],
    }
    return render(request, "keys/list.html", context)


def _last_used(fingerprints: set[str]) -> dict[str, datetime]:
    """One look at the index (credential_fingerprint, started_at) a key, however many exchanges there are."""
    newest = {
        name: Exchange.objects.filter(credential_fingerprint=name).aggregate(last=Max("started_at"))["last"]
        for name in fingerprints
    }
    return {name: at for name, at in newest.items() if at is not None}
