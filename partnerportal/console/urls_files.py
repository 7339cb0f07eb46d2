"""The addresses of the files pages. Each has its rule in access.py."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from partnerportal.console import files, importing, importing_acts, importing_columns, importing_page

urlpatterns: list[URLPattern | URLResolver] = [
    path("files/", files.file_list, name="files"),
    path("files/import/", importing.import_file, name="import"),
    path("files/jobs/<int:pk>/", importing_page.job_page, name="job"),
    path("files/jobs/<int:pk>/confirm/", importing_acts.import_confirm, name="import_confirm"),
    path("files/jobs/<int:pk>/cancel/", importing_acts.import_cancel, name="import_cancel"),
    path("files/jobs/<int:pk>/decide/", importing_acts.import_decide, name="import_decide"),
    path("files/jobs/<int:pk>/columns/", importing_columns.import_columns, name="import_columns"),
    path("files/jobs/<int:pk>/rows/", importing_acts.import_rows, name="import_rows"),
    path("files/jobs/<int:pk>/push/", importing_acts.import_push, name="import_push"),
    path("files/jobs/<int:pk>/undo/", importing_acts.import_undo, name="import_undo"),
]
