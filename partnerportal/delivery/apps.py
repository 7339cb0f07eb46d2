"""App configuration of delivery."""

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "partnerportal.delivery"
    label = "delivery"
