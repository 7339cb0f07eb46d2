"""The addresses of the guide, the error catalogue and the onboarding checklist. Rules: access.py."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from partnerportal.console import catalogue_pages, checklist, guide_pages

urlpatterns: list[URLPattern | URLResolver] = [
    path("guide/", guide_pages.guide, name="guide"),
    path("guide/errors/", catalogue_pages.catalogue_list, name="guide_errors"),
    path("guide/errors/<slug:cause>/", catalogue_pages.catalogue_entry, name="guide_error"),
    path("guide/<slug:chapter>/", guide_pages.chapter, name="guide_chapter"),
    path("account/checklist/", checklist.show_or_hide, name="checklist"),
]
