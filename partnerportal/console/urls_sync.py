"""The addresses of differences, pulls and adoption. Each has its rule in access.py."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from partnerportal.console import (
    adopt,
    conflict,
    difference_acts,
    differences,
    duplicate_there,
    missing,
    pull_pages,
    received,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("differences/", differences.differences_page, name="differences"),
    path("differences/push/", difference_acts.push_ours, name="differences_push"),
    path("differences/take/", difference_acts.take_theirs, name="differences_take"),
    path("differences/bring-in/", difference_acts.bring_in, name="differences_bring_in"),
    path("differences/only-there/<int:pk>/", difference_acts.only_there_page, name="only_there"),
    path("differences/duplicates/<int:pk>/", duplicate_there.duplicate_page, name="duplicate"),
    path("differences/read/", pull_pages.pull_start, name="pull_start"),
    path("differences/take-in/", pull_pages.take_in_start, name="take_in_start"),
    path("differences/pulls/<int:pk>/", pull_pages.pull_page, name="pull"),
    path("differences/adopt/<int:remote_id>/", adopt.adopt_page, name="adopt"),
    path("differences/missing/<slug:noun>/<int:pk>/", missing.missing_page, name="difference_missing"),
    path("payments/received/", received.received_page, name="payments_received"),
    path("payments/received/hand-out/", received.received_hand_out, name="received_hand_out"),
    path("payments/received/<int:pk>/", received.posting_page, name="posting"),
    path("payments/received/<int:pk>/download/", received.posting_download, name="posting_download"),
    path("differences/<slug:noun>/<int:pk>/", conflict.difference_page, name="difference"),
]
