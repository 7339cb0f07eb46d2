"""Asks a signed-in person for their password again; a wrong one counts towards the lock.

Here and in the adapter alone a password is checked (tests/architecture): both ways go through axes' backend.
"""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

from partnerportal.accounts.models import Staff


def is_password_of(staff: Staff, password: str, request: HttpRequest) -> bool:
    """Whether it is right. On too many wrong ones django-axes answers the request with the locked page."""
    found = get_adapter(request).authenticate(request, username=staff.username, password=password)
    return found is not None and found.pk == staff.pk
