"""Asks a signed-in person for their password again; a wrong one counts towards the lock."""

from __future__ import annotations

from django.contrib.auth import authenticate
from django.http import HttpRequest

from partnerportal.accounts.models import Staff


def is_password_of(staff: Staff, password: str, request: HttpRequest) -> bool:
    """Whether it is right. On too many wrong ones django-axes answers the request with the locked page."""
    found = authenticate(request, username=staff.username, password=password)
    return found is not None and found.pk == staff.pk
