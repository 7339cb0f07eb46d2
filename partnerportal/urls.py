"""The doors. Imports the console, and the address of webhooks."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, re_path

from partnerportal.console import health, shortcuts
from partnerportal.console.site import site
from partnerportal.webhooks.views import receive

handler400 = "partnerportal.console.errors.bad_request"
handler403 = "partnerportal.console.errors.forbidden"
handler404 = "partnerportal.console.errors.not_found"
handler500 = "partnerportal.console.errors.broken"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", shortcuts.root, name="root"),
    path("webhooks/<slug:token>/", receive, name="webhook"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    re_path(r"^(?P<prefix>[A-Z]{1,3})-(?P<number>\d{1,18})$", shortcuts.record, name="record"),
    path("", include("partnerportal.console.urls_account")),
    path("", include("partnerportal.console.urls_sending")),
    path("", include("partnerportal.console.urls_needs")),
    path("", include("partnerportal.console.urls_sync")),
    path("", include("partnerportal.console.urls_audit")),
    path("", include("partnerportal.console.urls_files")),
    path("", include("partnerportal.console.urls_webhooks")),
    path("", include("partnerportal.console.urls_reference")),
    path("", include("partnerportal.console.urls_help")),
    path("", include("partnerportal.console.urls_money")),
    path("", site.urls),
]
