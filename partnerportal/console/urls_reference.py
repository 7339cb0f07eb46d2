"""The addresses of the API reference and of Try It. Each has its rule in access.py."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, re_path

from partnerportal.console import reference, reference_try, reference_writes

_NAME = r"^reference/(?P<name>[a-z_]+\.[a-z_]+)/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("reference/", reference.reference, name="reference"),
    path("reference/openapi.json", reference.openapi, name="reference_openapi"),
    path("reference/writes/", reference_writes.writes, name="reference_writes"),
    path("reference/tried/<int:pk>/", reference_try.tried, name="reference_tried"),
    re_path(_NAME + r"$", reference.operation, name="reference_operation"),
    re_path(_NAME + r"send/(?P<pk>\d{1,18})/$", reference_try.confirm, name="reference_confirm"),
    re_path(_NAME + r"try/$", reference_try.try_operation, name="reference_try"),
    path("staff/<int:pk>/try-it/", reference_writes.grant, name="staff_try_it"),
]
