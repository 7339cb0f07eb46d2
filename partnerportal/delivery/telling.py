"""Who is told what about sending: a batch's end, a pause, a stop. Words and recipients; no PHI in any of it.

Imports accounts' staff, jobs' notices and the sentences. Each call belongs to its caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable

from partnerportal.accounts.models import ApiKey, Staff
from partnerportal.accounts.roles import ADMINISTRATOR
from partnerportal.delivery.models import Brake, Delivery
from partnerportal.delivery.sentences import cause_words
from partnerportal.jobs import notices
from partnerportal.jobs.models import Job
from partnerportal.kernel.numbers import counted

NEEDS, BRAKES = "/needs/", "/sending/brakes/"
MOST_ACTORS = 200


def batch_ended(job: Job, counts: dict[str, int]) -> None:
    """Whoever started it hears how it ended."""
    failed, delivered = counts.get("failed", 0), counts.get("delivered", 0)
    all_of_it = f"all {delivered:,} delivered." if delivered != 1 else "delivered."
    how = f"{delivered:,} delivered, {failed:,} failed." if failed else all_of_it
    sentence = f"Batch {job.short_id} ({job.label}) is done: {how}"
    _tell_starter(job, "batch_ended", f"batch-ended:{job.short_id}", sentence, bad=bool(failed))


def batch_cancelled(job: Job, actor: str, taken: int) -> None:
    """Whoever started it hears that somebody else cancelled it."""
    if actor != job.actor:
        who = actor.partition(":")[2] or actor
        sentence = f"Batch {job.short_id} ({job.label}) was cancelled by {who}: {taken:,} were not sent."
        _tell_starter(job, "batch_cancelled", f"batch-cancelled:{job.short_id}", sentence)


def first_settled(job: Job, settled: int, left: int) -> None:
    """The first few are settled, and the rest waits for a word."""
    sentence = f"Batch {job.short_id}: the first {settled:,} are settled. {left:,} wait for your word."
    _tell_starter(job, "batch_waits", f"batch-first:{job.short_id}", sentence, bad=True)


def batch_paused(job: Job, cause_key: str, noun: str, times: int, since: int) -> None:
    """One cause many times running paused it: its starter and the administrators hear of it."""
    cause = _half(cause_words(cause_key, noun))
    sentence = f"Batch {job.short_id} is paused: {times} times running, {cause}."
    people = {*administrators(), *([job.staff_id] if job.staff_id else [])}
    about = f"batch-paused:{job.short_id}:{since}"
    notices.tell(people, "batch_paused", about, sentence, path=f"/{job.short_id}", bad=True)


def key_refused(key: ApiKey, waiting: int) -> None:
    """Once for each time that a key goes from accepted to refused."""
    what = counted(waiting, "delivery", "deliveries")
    sentence = (
        f"Inbox Health refused key {key.fingerprint}. Until it is replaced wait {what}; nothing is lost."
    )
    episode = int((key.tested_at or key.created_at).timestamp())
    about = f"key-refused:{key.pk}:{episode}"
    notices.tell(_concerned(key), "key_refused", about, sentence, path=NEEDS, bad=True)


def stopped(brake: Brake) -> None:
    """The portal stopped sending by itself."""
    sentence = f"Sending is stopped: {brake.reason}"
    notices.tell(
        _of_brake(brake), "sending_stopped", f"stopped:{brake.pk}", sentence, path=BRAKES, bad=True
    )  # fmt: skip


def resumed(brake: Brake, waiting: int) -> None:
    """What stopped by itself goes on by itself."""
    what = counted(waiting, "delivery", "deliveries")
    sentence = f"Inbox Health answers again, so sending goes on: {what} waited."
    notices.tell(
        _of_brake(brake), "sending_resumed", f"resumed:{brake.pk}", sentence, path="/sending/deliveries/"
    )


def administrators() -> list[int]:
    """Everyone who is one now."""
    found = Staff.objects.filter(is_active=True, groups__name=ADMINISTRATOR)
    return list(found.values_list("pk", flat=True))


def _of_brake(brake: Brake) -> Iterable[int]:
    key = ApiKey.objects.filter(pk=brake.target_id or 0).first() if brake.scope == Brake.Scope.KEY else None
    return _concerned(key) if key else administrators()


def _concerned(key: ApiKey) -> set[int]:
    """The key's owner, whoever has something open on it, and the administrators."""
    open_ones = Delivery.objects.filter(key=key, state__in=Delivery.OPEN, actor__startswith="user:")
    actors = list(open_ones.order_by().values_list("actor", flat=True).distinct()[:MOST_ACTORS])
    names = [actor.partition(":")[2] for actor in actors]
    asked = Staff.objects.filter(is_active=True, username__in=names).values_list("pk", flat=True)
    return {*administrators(), *asked, *([key.owner_id] if key.owner_id else [])}


def _tell_starter(job: Job, kind: str, about: str, sentence: str, *, bad: bool = False) -> None:
    if job.staff_id:
        notices.tell([job.staff_id], kind, about, sentence, path=f"/{job.short_id}", bad=bad)


def _half(sentence: str) -> str:
    """As the second half of a sentence; the vendor's name keeps its capital."""
    return sentence if sentence.startswith("Inbox Health") else sentence[:1].lower() + sentence[1:]
