"""The counts an ended batch keeps for its list: given up where a person moves one of its deliveries later.

Imports jobs only.
"""

from __future__ import annotations

from django.db.models import F, Func, JSONField, Value

from partnerportal.jobs.models import Job


def forget(batch_id: int) -> None:
    """From now on the list counts this batch's deliveries themselves. The caller holds the batch."""
    ended = Job.objects.filter(pk=batch_id, state=Job.State.DONE, report__has_key="counts")
    without = Func(
        F("report"), Value("counts"), template="%(expressions)s", arg_joiner=" - ", output_field=JSONField()
    )
    ended.update(report=without)
