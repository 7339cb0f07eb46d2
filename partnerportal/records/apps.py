"""App configuration of records."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "partnerportal.records"
    label = "records"
