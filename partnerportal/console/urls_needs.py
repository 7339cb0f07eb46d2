"""The addresses of Needs you and of notices. Each has its rule in access.py."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from partnerportal.console import needs_acts, needs_fix, needs_pages, notice_pages

urlpatterns: list[URLPattern | URLResolver] = [
    path("needs/", needs_pages.needs_page, name="needs"),
    path("needs/group/", needs_pages.group_page, name="needs_group"),
    path("needs/fix/", needs_fix.fix_page, name="needs_fix"),
    path("needs/again/", needs_acts.needs_again, name="needs_again"),
    path("needs/aside/", needs_pages.aside_page, name="needs_asides"),
    path("needs/aside/set/", needs_acts.needs_aside, name="needs_aside"),
    path("needs/aside/<int:pk>/back/", needs_acts.needs_back, name="needs_back"),
    path("notices/", notice_pages.notice_list, name="notices"),
    path("notices/<int:pk>/open/", notice_pages.notice_open, name="notice_open"),
    path("notices/seen/", notice_pages.notices_seen, name="notices_seen"),
]
