"""Mirror: what every record of ours that has a twin at Inbox Health carries. Imports kernel, wire, rules.

`save` recomputes validity, what is dirty and the state's word in the transaction that changes any of
their inputs; `recompute` does it for rows that are written in bulk.
"""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, Self

from django.db import models

from partnerportal.kernel.fields import EncryptedJSONField
from partnerportal.kernel.ids import record_name, short_id
from partnerportal.records.rules import Problem, problems
from partnerportal.records.state import Inputs, SyncState, sync_state
from partnerportal.records.wire.attributes import Wire


class MirrorQuerySet(models.QuerySet[Any]):
    """Every query of a page starts with `visible_to`."""

    def visible_to(self, user: Any) -> Self:
        """Rows of the enterprises in the person's scope; none for someone without one."""
        if not getattr(user, "is_active", False):
            return self.none()
        if user.all_enterprises:
            return self.all()
        path = self.model.enterprise_path
        return self.filter(**{f"{path}in": user.scope.values("enterprise_id")})

    def light(self) -> Self:
        """Without the encrypted answers: what lists need."""
        return self.defer("remote", "acknowledged")


MirrorManager = models.Manager.from_queryset(MirrorQuerySet)


class Mirror(models.Model):
    """Our row and what is known of its twin. `acknowledged`: {attribute: {"sent": …, "answered": …}}, and
    under "unsure" what updates said whose answers never came.
    """

    wire: ClassVar[Wire]
    enterprise_path: ClassVar[str] = "enterprise__"

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    remote_id = models.BigIntegerField("Inbox Health id", null=True, blank=True, unique=True, editable=False)
    remote = EncryptedJSONField(null=True, editable=False)
    acknowledged = EncryptedJSONField(default=dict, editable=False)
    remote_updated_at = models.DateTimeField(null=True, editable=False)
    remote_read_at = models.DateTimeField(null=True, editable=False)
    accepted_at = models.DateTimeField(null=True, editable=False)
    missing_since = models.DateTimeField(null=True, editable=False)
    version = models.IntegerField(default=1, editable=False)
    not_valid = models.JSONField(default=list, editable=False)  # [[attribute, sentence], …]
    dirty = models.JSONField(default=list, editable=False)  # attributes not sent as they are
    conflicts = models.JSONField(default=list, editable=False)
    delivery_state = models.CharField(max_length=12, default="", blank=True, editable=False)
    sync_state = models.CharField(max_length=16, default=SyncState.NOT_SENT, editable=False)
    created_at = models.DateTimeField(auto_now_add=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True, editable=False)

    objects: ClassVar[MirrorManager[Any]] = MirrorManager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        name = str(self._meta.verbose_name)
        return f"{name[:1].upper()}{name[1:]} {self.short_id}"

    @property
    def noun(self) -> str:
        return self.wire.noun

    @property
    def short_id(self) -> str:
        return short_id(self.noun, self.pk)

    @property
    def record_name(self) -> str:
        """How the audit and the outbox name this record: "patient:P-12"."""
        return record_name(self.noun, self.pk)

    @property
    def enterprise_pk(self) -> int:
        """The primary key of the enterprise it belongs to; an enterprise belongs to itself."""
        return int(getattr(self, "enterprise_id", None) or self.pk)

    @property
    def is_removed(self) -> bool:
        return False

    @property
    def is_deleted(self) -> bool:
        """Whether it is gone there for good: nothing of it is sent or decided any more."""
        return False

    @property
    def account_pk(self) -> int | None:
        """The primary key of the patient whose money it is, for the money's nouns; None for the others."""
        return None

    @property
    def person_pk(self) -> int | None:
        """The primary key of the patient whoever reads the audit would find it under, or None."""
        return self.pk if self.noun == "patient" else self.account_pk

    @property
    def accepted_for(self) -> Any:
        """What must be new for an answer to move `accepted_at`; None: any does."""
        return None

    def parents(self) -> list[Mirror]:
        """The rows that must be at Inbox Health before it, besides its enterprise, in that order."""
        return []

    def problems(self) -> list[Problem]:
        return problems(self.noun, self)

    def recompute(self) -> None:
        """Validity, dirty attributes, conflicts and the word: stored, because lists filter by them."""
        self.not_valid = [[p.attribute, p.sentence] for p in self.problems()]
        self.dirty = [] if self.is_deleted else self.wire.dirty(self)
        self.conflicts = self.wire.conflicts(self) if self.remote_id and not self.is_deleted else []
        self.sync_state = sync_state(
            Inputs(
                remote_id=self.remote_id,
                dirty=bool(self.dirty),
                conflicts=bool(self.conflicts),
                valid=not self.not_valid,
                missing_there=self.missing_since is not None,
                removed=self.is_removed,
                delivery=self.delivery_state,
            )
        )

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.recompute()
        super().save(*args, **kwargs)
