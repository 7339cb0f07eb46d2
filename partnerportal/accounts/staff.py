"""What an administrator may do with staff: invite, change role and scope, end, bring back. Owns the rules.

The last active administrator stays one; nobody changes their own role, scope or access. Imports sessions,
welcome and audit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.utils import timezone

from partnerportal.accounts import sessions
from partnerportal.accounts.models import Staff
from partnerportal.accounts.roles import ADMINISTRATOR, ROLES
from partnerportal.audit import entries
from partnerportal.audit.context import Context
from partnerportal.kernel.ids import record_name


class NotAllowed(Exception):
    """The change breaks a rule; the text is the sentence for the page."""


def roles_of(staff: Staff) -> list[str]:
    """In the order of ROLES, from what is prefetched where it is."""
    held = {group.name for group in staff.groups.all()}
    return [role for role in ROLES if role in held]


@dataclass(frozen=True)
class Invitation:
    """Who is to come, as what, and to see which enterprises: all, or those with these ids."""

    username: str
    email: str
    name: str
    roles: Sequence[str]
    all_enterprises: bool = False
    enterprises: Sequence[int] = ()


def invite(wanted: Invitation, context: Context) -> Staff:
    """A person who can't sign in until they set a password by the link (welcome.send). Raises NotAllowed."""
    staff = Staff(username=wanted.username, email=wanted.email, is_active=False, invited_at=timezone.now())
    staff.first_name, _, staff.last_name = wanted.name.strip().partition(" ")
    staff.set_unusable_password()
    with transaction.atomic():
        _take_name(staff)
        _set_roles(staff, wanted.roles)
        _set_scope(staff, wanted.all_enterprises, wanted.enterprises)
        _write("staff_invited", staff, context, roles=roles_of(staff), **_scope_detail(staff))
    return staff


def change_roles(staff: Staff, roles: Iterable[str], by: Staff, context: Context) -> None:
    """Raises NotAllowed: one's own, or the last administrator's."""
    _not_oneself(staff, by, "role")
    wanted = list(roles)
    with transaction.atomic():
        if ADMINISTRATOR not in wanted:
            _leave_one(staff)
        before = roles_of(staff)
        _set_roles(staff, wanted)
        _write("staff_roles_changed", staff, context, was=before, now=wanted)


def change_scope(staff: Staff, everything: bool, ids: Iterable[int], by: Staff, context: Context) -> None:
    """All enterprises, or the listed ones. Raises NotAllowed for one's own."""
    _not_oneself(staff, by, "enterprises")
    with transaction.atomic():
        before = _scope_detail(staff)
        _set_scope(staff, everything, ids)
        _write("staff_scope_changed", staff, context, was=before, now=_scope_detail(staff))


def sign_out_everywhere(staff: Staff, context: Context) -> int:
    """End all sessions of the person; returns how many."""
    return sessions.end_all(staff, context)


def deactivate(staff: Staff, by: Staff, context: Context) -> None:
    """End access, sessions and open links. The person's records in the audit stay. Raises NotAllowed."""
    _not_oneself(staff, by, "access")
    with transaction.atomic():
        _leave_one(staff)
        staff.is_active, staff.invited_at = False, None
        staff.set_unusable_password()  # also kills a link that is still on its way
        staff.save(update_fields=["is_active", "invited_at", "password"])
        sessions.end_all(staff, context)
        _write("staff_deactivated", staff, context)


def reopen(staff: Staff, context: Context) -> None:
    """Before a link is sent to someone inactive: setting a password will make them active again."""
    if not staff.is_active:
        with transaction.atomic():
            staff.invited_at = timezone.now()
            staff.save(update_fields=["invited_at"])
            _write("staff_invited", staff, context, again=True)


def _take_name(staff: Staff) -> None:
    """Signing in ignores case, so two names that differ only in it would be one."""
    taken = NotAllowed(f"There is someone named {staff.username} already.")
    if Staff.objects.filter(username__iexact=staff.username).exists():
        raise taken
    try:
        with transaction.atomic():
            staff.save()
    except IntegrityError as error:
        raise taken from error


def _not_oneself(staff: Staff, by: Staff, what: str) -> None:
    if staff.pk == by.pk:
        raise NotAllowed(f"Nobody changes their own {what}. Ask another administrator.")


def _leave_one(staff: Staff) -> None:
    """Locks the role, so that two administrators can't remove each other in the same moment."""
    group = Group.objects.select_for_update().get(name=ADMINISTRATOR)
    others = Staff.objects.filter(groups=group, is_active=True).exclude(pk=staff.pk)
    is_one = staff.is_active and staff.groups.filter(pk=group.pk).exists()
    if is_one and not others.exists():
        raise NotAllowed(f"{staff.username} is the last administrator. Name another one first.")


def _set_roles(staff: Staff, roles: Iterable[str]) -> None:
    wanted = set(roles)
    if wanted - set(ROLES):
        raise NotAllowed("There is no such role.")
    staff.groups.set(Group.objects.filter(name__in=wanted))


def _set_scope(staff: Staff, everything: bool, ids: Iterable[int]) -> None:
    staff.all_enterprises = everything
    staff.save(update_fields=["all_enterprises"])
    wanted = set() if everything else set(ids)
    staff.scope.exclude(enterprise_id__in=wanted).delete()
    held = set(staff.scope.values_list("enterprise_id", flat=True))
    for enterprise_id in sorted(wanted - held):
        staff.scope.create(enterprise_id=enterprise_id)


def _scope_detail(staff: Staff) -> dict[str, Any]:
    listed = sorted(staff.scope.values_list("enterprise_id", flat=True))
    return {"scope": "all" if staff.all_enterprises else listed}


def _write(action: str, staff: Staff, context: Context, **detail: object) -> None:
    about = context.about(record=record_name("staff", staff.pk))
    entries.write(action, about, {"name": staff.username, **detail})
