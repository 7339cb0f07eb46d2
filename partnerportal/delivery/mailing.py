"""Mails the notices that are due. A lease a notice, taken before the mail server is spoken to.

A mail that a dying worker may or may not have sent goes out again: twice is better than never. Imports
accounts' staff and jobs' notices.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import F
from django.db.models.functions import Now

from partnerportal.accounts.models import Staff
from partnerportal.jobs.models import Notice

log = logging.getLogger("portal.mail")
LEASE, TRIES = timedelta(minutes=5), 5
BODY = """{sentence}

{link}

This mail names no patient. Who and what is shown after signing in.
"""


def mail_due(most: int = 50) -> int:
    """Send what is due; how many mails went out."""
    due = Notice.objects.filter(mail_next_at__lte=Now()).order_by("mail_next_at")
    return sum(_mail(notice) for notice in list(due[:most]))


def is_due() -> bool:
    return Notice.objects.filter(mail_next_at__lte=Now()).exists()


def _mail(notice: Notice) -> bool:
    mine = Notice.objects.filter(pk=notice.pk, mail_next_at=notice.mail_next_at)
    if not mine.update(mail_next_at=Now() + LEASE, mail_tries=F("mail_tries") + 1):
        return False  # another worker has it
    staff = Staff.objects.filter(pk=notice.staff_id, is_active=True).exclude(email="").first()
    kept = Notice.objects.filter(pk=notice.pk)
    if staff is None:
        kept.update(mail_next_at=None)
        return False
    text = BODY.format(sentence=notice.sentence, link=f"{settings.PUBLIC_URL}{notice.path or '/'}")
    try:
        send_mail(f"Partner Portal: {notice.sentence}"[:120], text, None, [staff.email])
    except (SMTPException, OSError) as error:
        log.warning("notice %s not mailed: %s", notice.pk, type(error).__name__)
        if notice.mail_tries + 1 >= TRIES:
            kept.update(mail_next_at=None)
        return False
    kept.update(mailed_at=Now(), mail_next_at=None)
    return True
