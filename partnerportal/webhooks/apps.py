"""App configuration of webhooks."""

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "partnerportal.webhooks"
    label = "webhooks"
