"""allauth's adapter: nobody signs up, sign-in leads to Account Settings. Imports allauth only."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Staff are invited by an administrator; there is no sign-up page."""

    def is_open_for_signup(self, request: Any) -> bool:
        return False
