"""The environment this deployment belongs to, stamped by the first accepted push. Imports models, audit."""

from __future__ import annotations

from django.db import transaction

from partnerportal.accounts.models import EnvironmentStamp
from partnerportal.audit import entries
from partnerportal.audit.context import Context
from partnerportal.kernel.crash import crash_point
from partnerportal.kernel.environment import environment_name

HINT = (
    "One deployment belongs to one environment, because ids of one mean other people in another. Point "
    "INBOX_HEALTH_BASE_URL back, or set up a deployment with a database of its own."
)


class OtherEnvironment(Exception):
    """This deployment belongs to another environment than the one it is told, or finds, now."""


def stamp(environment: str, instance: str = "") -> EnvironmentStamp:
    """Tie this deployment to an environment; the first call wins. Raises OtherEnvironment.

    `instance` is the sandbox's id, empty elsewhere.
    """
    with transaction.atomic():
        row, made = EnvironmentStamp.objects.get_or_create(
            pk=1, defaults={"name": environment, "instance": instance}
        )
        if made:
            detail = {"environment": environment, "instance": instance}
            entries.write("environment_stamped", Context(), detail)
    crash_point("stamped")
    _compare(row, environment, instance)
    return row


def stamped() -> EnvironmentStamp | None:
    return EnvironmentStamp.objects.first()


def verify(instance: str = "") -> None:
    """Raises OtherEnvironment unless the settings, and `instance` where one is known, fit the stamp."""
    row = stamped()
    if row is not None:
        _compare(row, environment_name(), instance)


def _compare(row: EnvironmentStamp, environment: str, instance: str) -> None:
    other_instance = bool(instance and row.instance and instance != row.instance)
    if row.name != environment or other_instance:
        found = f"{environment} {instance}".strip()
        raise OtherEnvironment(f"This deployment belongs to {row}, not to {found}.")
