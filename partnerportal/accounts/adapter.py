"""allauth's adapter: nobody signs up, one sentence for every wrong sign-in, each right password ends a count.

Imports allauth, and of ours the counting of tries.
"""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import ChangePasswordForm, LoginForm
from allauth.core import context
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from partnerportal.accounts import known_browsers, tries
from partnerportal.accounts.locking import tried_on
from partnerportal.accounts.passwords import is_password_of

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

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """The person, or None. The backends have counted the try; a right password takes it back."""
        found = super().authenticate(request, **credentials)
        tried = tried_on(request)
        if found is not None and found.is_active and tried is not None:
            tries.succeeded(tried)
        return found

    def post_login(self, request: HttpRequest, user: Any, **more: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **more)
        known_browsers.remember(request, response, user)
        return response

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


class NewPasswordForm(ChangePasswordForm):  # type: ignore[misc]
    """allauth's own compares with the hash itself: as many guesses as one likes, and no trace of them."""

    def clean_oldpassword(self) -> str:
        password = str(self.cleaned_data.get("oldpassword", ""))
        if not is_password_of(self.user, password, context.request):
            raise StaffAdapter().validation_error("enter_current_password")
        return password
