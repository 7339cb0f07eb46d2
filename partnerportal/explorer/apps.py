"""The explorer's app. Imports Django only."""

from __future__ import annotations

from django.apps import AppConfig


class ExplorerConfig(AppConfig):
    name = "partnerportal.explorer"
    verbose_name = "Try It"
