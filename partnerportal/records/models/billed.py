"""What the money's nouns share: the enterprise they belong to, and the ids of their parents there."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from partnerportal.records.models.enterprise import Enterprise
from partnerportal.records.models.mirror import Mirror

# The few rows that the page Differences looks for among many.
DIFFERS = models.Q(sync_state__in=["changed_here", "conflict", "missing_there"])


class Billed(Mirror):
    """A mirror row of an enterprise. `parent_fields`: what must be at Inbox Health before it.

    `account_path`: the query path to the primary key of the patient whose money it is, "" for codes.
    """

    parent_fields: tuple[str, ...] = ()
    account_path: ClassVar[str] = ""

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="+", editable=False)

    class Meta:
        abstract = True

    @property
    def enterprise_remote_id(self) -> int | None:
        return self.enterprise.remote_id

    @property
    def is_deleted(self) -> bool:
        return self.is_removed

    def parents(self) -> list[Mirror]:
        """The rows whose ids it is sent with, in the order they have to be there."""
        found: list[Mirror | None] = [getattr(self, name) for name in self.parent_fields]
        return [row for row in found if row is not None]

    def parent_remote_id(self, name: str) -> int | None:
        row = getattr(self, name)
        return row.remote_id if row is not None else None

    def save(self, *args: Any, **kwargs: Any) -> None:
        owner = self.parents()
        if owner and not self.enterprise_id:
            self.enterprise_id = owner[0].enterprise_pk
        super().save(*args, **kwargs)
