"""App configuration of sync."""

from django.apps import AppConfig


class SyncConfig(AppConfig):
    name = "partnerportal.sync"
    label = "sync"
