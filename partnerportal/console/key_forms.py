"""The forms of the key pages. Imports accounts' keys."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings

from partnerportal.accounts import keys
from partnerportal.accounts.models import ApiKey, Staff


class KeyForm(forms.Form):
    """A key and its scheme; `candidate()` after is_valid."""

    secret = forms.CharField(
        label="API key",
        max_length=400,
        strip=True,
        error_messages={"required": "Paste the key here."},
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false", "data-secret": ""}),
    )
    scheme = forms.ChoiceField(label="Sent as", choices=ApiKey.Scheme.choices)
    again = forms.BooleanField(label="Use it here, too", required=False)

    asks_again = False  # whether the tick is shown

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"scheme": settings.INBOX_HEALTH_AUTH_SCHEME, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def clean_secret(self) -> str:
        secret = str(self.cleaned_data["secret"])
        try:
            keys.candidate(secret, "basic", None)
        except keys.NotAKey as error:
            raise forms.ValidationError(str(error)) from error
        return secret

    def candidate(self, owner: Staff | None) -> ApiKey:
        """The unsaved key that was typed."""
        return keys.candidate(self.cleaned_data["secret"], self.cleaned_data["scheme"], owner)


class PasswordForm(forms.Form):
    password = forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
