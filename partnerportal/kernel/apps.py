"""The app that carries the kernel's checks and commands; it has no models."""

from django.apps import AppConfig

from partnerportal.kernel import checks

__all__ = ["KernelConfig", "checks"]  # importing the checks registers them


class KernelConfig(AppConfig):
    name = "partnerportal.kernel"
    label = "kernel"
