"""Tells people what happened without them: rows that the console shows and a task mails. Owns Notice rows.

Imports the kernel only; who is told, and in which words, is said by whoever calls.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet
from django.db.models.functions import Now

from partnerportal.jobs.models import Notice
from partnerportal.kernel.dispatch import ring

MAIL = "partnerportal.delivery.tasks.mail_notices"


def tell(
    staff_ids: Iterable[int], kind: str, about: str, sentence: str, *, path: str = "", bad: bool = False
) -> None:
    """One notice for each person, in the caller's transaction; nobody is told twice `about` the same.

    `sentence` and `path` go into e-mails: no PHI.
    """
    rows = [
        Notice(
            staff_id=pk, kind=kind, about=about, sentence=sentence[:300], path=path[:200], bad=bad,
            mail_next_at=Now(),
        )
        for pk in sorted(set(staff_ids))
    ]  # fmt: skip
    if rows:
        Notice.objects.bulk_create(rows, ignore_conflicts=True)
        ring(MAIL, queue="background")


def of(staff_id: int) -> QuerySet[Notice]:
    """A person's notices, newest first."""
    return Notice.objects.filter(staff_id=staff_id).order_by("-pk")


def seen(staff_id: int, pk: int | None = None, *, upto: int | None = None) -> int:
    """Mark one as seen, all, or all up to one: later ones were not shown. How many were not yet."""
    unseen = Notice.objects.filter(staff_id=staff_id, seen_at=None)
    if upto is not None:
        unseen = unseen.filter(pk__lte=upto)
    return (unseen if pk is None else unseen.filter(pk=pk)).update(seen_at=Now())
