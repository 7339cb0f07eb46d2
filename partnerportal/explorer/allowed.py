"""Who may run which operation, now: one function from a person and an operation to a reason against it.

A key opens every enterprise of the partner, so Try It is for people who may see all of them: an id typed into
a path, a list or a look-up would else lead around their scope. Imports models, accounts and delivery's.
"""

from __future__ import annotations

from enum import StrEnum

from django.db.models import Q

from integrations.inboxhealth.operations import Operation
from partnerportal.accounts.models import ApiKey, Staff
from partnerportal.delivery.models import Brake
from partnerportal.explorer.models import WriteWindow
from partnerportal.kernel.environment import environment_name

OPERATOR, ADMINISTRATOR = "delivery.push", "accounts.manage_staff"  # permissions that only these roles hold
WRITE = "accounts.try_it_writes"


class Refusal(StrEnum):
    """Why a person may not run an operation; NONE where they may."""

    NONE = ""
    ROLE = "role"
    SCOPE = "scope"
    GRANT = "grant"
    ADMINISTRATORS = "administrators"
    PRODUCTION = "production"


def refusal(staff: Staff, operation: Operation) -> Refusal:
    """Reads: operators and administrators. Writes: by grant. Deletes: administrators."""
    if not (staff.has_perm(OPERATOR) or staff.has_perm(ADMINISTRATOR)):
        return Refusal.ROLE
    if not staff.all_enterprises:
        return Refusal.SCOPE
    return _against_writing(staff, operation) if operation.writes else Refusal.NONE


def _against_writing(staff: Staff, operation: Operation) -> Refusal:
    if operation.verb == "DELETE" and not staff.has_perm(ADMINISTRATOR):
        return Refusal.ADMINISTRATORS
    if operation.verb != "DELETE" and not staff.has_perm(WRITE):
        return Refusal.GRANT
    if environment_name() == "production" and WriteWindow.now_open() is None:
        return Refusal.PRODUCTION
    return Refusal.NONE


def stopped(key: ApiKey, enterprise: int | None) -> Brake | None:
    """What keeps a write on this key, about this enterprise, from going out now."""
    scope = Brake.Scope
    concerns = Q(scope=scope.ALL) | Q(scope=scope.KEY, target_id=key.pk)
    if enterprise is not None:
        concerns |= Q(scope=scope.ENTERPRISE, target_id=enterprise)
    return Brake.objects.filter(concerns, released_at=None).order_by("pk").first()
