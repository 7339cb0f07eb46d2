"""Whether a check still holds: other files, undone ones and people change what a file is compared with.

An import that ends, or is undone, has the files that wait beside it checked again; the act that lets a file
in looks itself. Imports models, jobs and the doorbell.
"""

from __future__ import annotations

from django.db.models import Count, Max, Sum

from partnerportal.jobs.models import Job
from partnerportal.kernel.dispatch import ring
from partnerportal.records.models import RECORDS, Import

QUEUE = "background"
_MONEY = (
    "patient",
    "practice",
    "doctor",
    "invoice",
    "line_item",
    "payment",
    "invoice_payment",
    "payment_reason",
)
_COMPARED = {  # kind of file → nouns that its rows are compared with
    "patients": ("patient", "practice"),
    "doctors": ("doctor", "practice", "enterprise"),
    "enterprises": ("enterprise",),
}


def mark(file_import: Import) -> str:
    """Equal marks: no record that a row could be, or name, was made, edited or deleted in between."""
    parts = []
    for noun in _COMPARED.get(file_import.kind, _MONEY):
        rows = RECORDS[noun].objects.order_by()
        if file_import.enterprise_id is not None:
            rows = rows.filter(**{f"{RECORDS[noun].enterprise_path}in": [file_import.enterprise_id]})
        told = rows.aggregate(number=Count("pk"), last=Max("pk"), versions=Sum("version"))
        parts.append(f"{noun}:{told['number']}:{told['last']}:{told['versions']}")
    return " ".join(parts)


def holds(file_import: Import) -> bool:
    """Whether nothing changed since it was checked."""
    return bool(file_import.facts.get("mark") == mark(file_import))


def check_again(locked: Import) -> None:
    """Back to "being checked"; the caller holds its lock and sees to the check."""
    locked.state, locked.refusal = Import.State.CHECKING, ""
    locked.save()
    locked.job.state, locked.job.finished_at, locked.job.done = Job.State.DRAFT, None, 0
    locked.job.save()


def recheck_others(done: Import) -> None:
    """Files that wait beside one that went in, or was undone, in the current transaction.

    One that somebody lets in at this moment is passed over: its own act looks.
    """
    waiting = Import.objects.filter(state=Import.State.CHECKED, file_gone_at=None).exclude(pk=done.pk)
    if done.enterprise_id is not None:
        waiting = waiting.filter(enterprise=done.enterprise_id) | waiting.filter(enterprise=None)
    held = waiting.select_for_update(of=("self",), skip_locked=True).select_related("job").order_by("pk")
    for one in held:
        one.layout = {**one.layout, "again_after": done.short_id}
        check_again(one)
        ring("partnerportal.records.tasks.check_import", one.pk, queue=QUEUE)
