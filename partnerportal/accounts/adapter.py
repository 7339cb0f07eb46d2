"""allauth's adapter: nobody signs up, one sentence for every wrong sign-in. Imports allauth only."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest

WRONG = "Name or password is wrong."


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Staff are invited by an administrator; there is no sign-up page."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": WRONG,
        "email_password_mismatch": WRONG,
        "invalid_login": WRONG,
        "incorrect_password": "This is not your password.",
        "enter_current_password": "This is not your password.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        messages.success(request, "Password changed. Your other browsers are signed out.")
        return str(settings.LOGIN_REDIRECT_URL)

    def logout(self, request: HttpRequest) -> None:
        super().logout(request)
        messages.info(request, "You are signed out.")

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Our pages say what happened themselves; "Successfully signed in" is nobody's news."""


class SignInForm(LoginForm):  # type: ignore[misc]
    """A deactivated person learns no more than a stranger: the same sentence."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.user is not None and not self.user.is_active:
            self.add_error(None, WRONG)
        return cleaned
