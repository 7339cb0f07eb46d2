"""The addresses of the files pages. Each has its rule in access.py."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from partnerportal.console import (
    exports,
    files,
    importing,
    importing_acts,
    importing_columns,
    importing_money,
    importing_page,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("files/", files.file_list, name="files"),
    path("files/import/", importing.import_file, name="import"),
    path("files/jobs/<int:pk>/", importing_page.job_page, name="job"),
    path("files/jobs/<int:pk>/confirm/", importing_acts.import_confirm, name="import_confirm"),
    path("files/jobs/<int:pk>/cancel/", importing_acts.import_cancel, name="import_cancel"),
    path("files/jobs/<int:pk>/decide/", importing_acts.import_decide, name="import_decide"),
    path("files/jobs/<int:pk>/empty/", importing_acts.import_empty, name="import_empty"),
    path("files/jobs/<int:pk>/columns/", importing_columns.import_columns, name="import_columns"),
    path("files/jobs/<int:pk>/names/", importing_money.import_names, name="import_names"),
    path("files/jobs/<int:pk>/rows/", importing_acts.import_rows, name="import_rows"),
    path("files/jobs/<int:pk>/push/", importing_acts.import_push, name="import_push"),
    path("files/jobs/<int:pk>/undo/", importing_acts.import_undo, name="import_undo"),
    path("files/exports/", exports.export_list, name="exports"),
    path("files/exports/choose/", exports.export_choose, name="export_choose"),
    path("files/exports/start/", exports.export_start, name="export_start"),
    path("files/exports/<int:pk>/", exports.export_page, name="export"),
    path("files/exports/<int:pk>/download/", exports.export_download, name="export_download"),
    path("files/exports/<int:pk>/drop/", exports.export_drop, name="export_drop"),
]
