"""The addresses of record pages: the admin site's own. Included under the namespace `admin`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
