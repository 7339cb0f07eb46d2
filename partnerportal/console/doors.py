"""The doors: sign-in's lock-out page, health checks. Imports the lower layers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def locked_out(request: HttpRequest, response: HttpResponse | None = None, credentials: Any = None) -> HttpResponse:
    """django-axes calls this once a name is locked."""
    return render(request, "account/locked.html", status=429)
