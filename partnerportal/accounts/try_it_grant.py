"""The grant to write through Try It: given to a person by an administrator, by no role. Imports audit."""

from __future__ import annotations

from django.contrib.auth.models import Permission
from django.db import transaction

from partnerportal.accounts.models import Staff
from partnerportal.accounts.staff import NotAllowed
from partnerportal.audit import entries
from partnerportal.audit.context import Context
from partnerportal.kernel.ids import record_name


def granted(staff: Staff) -> bool:
    return staff.user_permissions.filter(codename="try_it_writes").exists()


def change(staff: Staff, allowed: bool, by: Staff, context: Context) -> None:
    """Give it or take it back; an entry where that changes something. Raises NotAllowed for one's own."""
    if staff.pk == by.pk:
        raise NotAllowed("Nobody grants themselves anything. Ask another administrator.")
    give(staff, allowed, context)


def give(staff: Staff, allowed: bool, context: Context) -> None:
    """As `change`, for whoever has asked already: the demo's user, say."""
    permission = Permission.objects.get(content_type__app_label="accounts", codename="try_it_writes")
    with transaction.atomic():
        if granted(staff) == allowed:
            return
        if allowed:
            staff.user_permissions.add(permission)
        else:
            staff.user_permissions.remove(permission)
        about = context.about(record=record_name("staff", staff.pk))
        action = "try_it_writes_granted" if allowed else "try_it_writes_taken_back"
        entries.write(action, about, {"name": staff.username})
