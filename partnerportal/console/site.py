"""The admin site, mounted at /: its addresses and unfold's skin, but our own views instead of stock ones.

No model is registered: raw lists, the stock delete and history pages and unfold's GET actions do not exist.
"""

from __future__ import annotations

from django.urls import URLPattern, URLResolver
from unfold.sites import UnfoldAdminSite

from partnerportal.console.urls_records import urlpatterns as record_pages


class PortalSite(UnfoldAdminSite):  # type: ignore[misc]
    """Serves the record pages under the names the stock admin would give them."""

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return record_pages


site = PortalSite("admin")
