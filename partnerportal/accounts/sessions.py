"""The sessions of staff: list them and end them. Imports allauth's session table and audit."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.db import transaction

from partnerportal.accounts.models import Staff
from partnerportal.audit import entries
from partnerportal.audit.context import Context
from partnerportal.kernel.ids import record_name


def sessions_of(staff: Staff) -> list[UserSession]:
    """Those that still live, the last seen first. Forgets the ones that ended by themselves."""
    found: list[UserSession] = UserSession.objects.purge_and_list(staff)
    return sorted(found, key=lambda session: session.last_seen_at, reverse=True)


def end_one(staff: Staff, session_id: int, context: Context) -> bool:
    """End one session of the person; False where they have no such session."""
    found = UserSession.objects.filter(user=staff, pk=session_id).first()
    return found is not None and _end(staff, [found], context) == 1


def end_all(staff: Staff, context: Context, *, but: str | None = None) -> int:
    """End every session of the person, except the one with the session key `but`; returns how many."""
    return _end(staff, [s for s in UserSession.objects.filter(user=staff) if s.session_key != but], context)


def _end(staff: Staff, sessions: list[UserSession], context: Context) -> int:
    with transaction.atomic():
        for session in sessions:
            session.end()
        if sessions:
            about = context.about(record=record_name("staff", staff.pk))
            entries.write("sessions_ended", about, {"sessions": len(sessions)})
    return len(sessions)
