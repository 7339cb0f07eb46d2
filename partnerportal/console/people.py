"""Who is signed in, as the type it is. Imports accounts' models."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest

from partnerportal.accounts.models import Staff


def current(request: HttpRequest) -> Staff:
    """The signed-in person; the access table has let nobody else in."""
    return cast(Staff, request.user)
