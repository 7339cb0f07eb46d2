"""The addresses of the audit pages. Each has its rule in access.py."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from partnerportal.console import entries, exchanges

urlpatterns: list[URLPattern | URLResolver] = [
    path("audit/exchanges/", exchanges.exchange_list, name="exchanges"),
    path("audit/exchanges/<int:pk>/", exchanges.exchange_page, name="exchange"),
    path("audit/entries/", entries.entry_list, name="entries"),
]
