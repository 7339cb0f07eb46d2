"""App configuration of accounts."""

from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "partnerportal.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Models are there now: register the start-up checks and hear of sign-ins."""
        import_module("partnerportal.accounts.checks")
        import_module("partnerportal.accounts.sign_in_signals")
