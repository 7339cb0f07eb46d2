"""What whoever acts may act on: services that take a set of records narrow it themselves, at confirming too.

So no caller can forget it, and what was chosen before a person's scope was narrowed is narrowed as well.
Imports accounts' staff and the audit's context.
"""

from __future__ import annotations

from typing import Any

from partnerportal.accounts.models import Staff
from partnerportal.audit.context import Context


def person_of(context: Context) -> Staff | None:
    """Who acts, as they are now; None for somebody who is gone, and for a command or the schedule."""
    kind, _, name = context.actor.partition(":")
    return Staff.objects.filter(username=name).first() if kind == "user" else None


def in_scope(context: Context, rows: Any) -> Any:
    """Of rows (a QuerySet with `visible_to`) those that the person may see now; a command sees all."""
    return rows.visible_to(person_of(context)) if context.actor.startswith("user:") else rows


def outside(staff: Staff | None, rows: Any) -> Any:
    """Of rows that have an `enterprise_id` those that a person may not see now; of a command's none."""
    if staff is None or (staff.is_active and staff.all_enterprises):
        return rows.none()
    if not staff.is_active:
        return rows
    return rows.exclude(enterprise_id__in=staff.scope.values("enterprise_id"))
