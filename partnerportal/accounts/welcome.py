"""The one-time link by which a person sets their password. Imports models, tries, sessions and audit.

It is made from the password's present hash, so that setting one, or deactivating the person, ends it; it
lapses after PASSWORD_RESET_TIMEOUT. The mail holds a name and the link, nothing else.
"""

from __future__ import annotations

from smtplib import SMTPException

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse

from partnerportal.accounts import sessions, tries
from partnerportal.accounts.models import Staff
from partnerportal.audit import entries
from partnerportal.audit.context import Context, user_actor
from partnerportal.kernel.ids import record_name

_TOKENS = PasswordResetTokenGenerator()
SUBJECT = "Your access to the Partner Portal"
BODY = """Hello {name},

set your password for the Partner Portal here:

{link}

The link works once, for {days} days. Your name for signing in is {username}.
If you did not expect this mail, delete it and tell an administrator of the portal.
"""


class MailFailed(Exception):
    """The mail server did not take the mail; the link can be sent again."""


def send(staff: Staff, context: Context) -> None:
    """Mail the link. Raises MailFailed. Anyone without a password of their own, or who forgot it."""
    text = BODY.format(
        name=staff.get_full_name() or staff.username,
        username=staff.username,
        link=link(staff),
        days=settings.PASSWORD_RESET_TIMEOUT // 86400,
    )
    try:
        send_mail(SUBJECT, text, None, [staff.email])
    except (SMTPException, OSError) as error:
        raise MailFailed from error
    with transaction.atomic():
        entries.write("staff_link_sent", context.about(record=record_name("staff", staff.pk)))


def link(staff: Staff) -> str:
    """The whole address, on PUBLIC_URL: a Host header has no say in it."""
    return f"{settings.PUBLIC_URL}{reverse('welcome', args=[staff.pk, _TOKENS.make_token(staff)])}"


def person_of(pk: int, token: str) -> Staff | None:
    """Whose link this is; None where it was used, lapsed or is made up."""
    staff = Staff.objects.filter(pk=pk).first()
    if staff is None or not _TOKENS.check_token(staff, token):
        return None
    return staff if staff.is_active or staff.invited_at else None


def accept(staff: Staff, password: str) -> None:
    """Set the password, end every session, lift a lock; an invited person becomes active."""
    context = Context(
        actor=user_actor(staff.username), origin="console", record=record_name("staff", staff.pk)
    )
    with transaction.atomic():
        invited = not staff.is_active
        staff.set_password(password)
        staff.is_active, staff.invited_at = True, None
        staff.save(update_fields=["password", "is_active", "invited_at"])
        sessions.end_all(staff, context)
        tries.forget(staff)
        entries.write("invitation_accepted" if invited else "password_set", context)
