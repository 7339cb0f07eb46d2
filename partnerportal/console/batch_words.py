"""What a batch says: word, sentence, counts in order. Imports delivery's progress. Source: pages 2 and 3."""

from __future__ import annotations

from partnerportal.console import formats
from partnerportal.console.delivery_words import STATES
from partnerportal.console.words import Word
from partnerportal.delivery.batches import Progress
from partnerportal.delivery.sentences import cause_words
from partnerportal.jobs.models import Job

ORDER = ("delivered", "failed", "unknown", "in_flight", "waiting", "blocked", "pending", "cancelled")


def word(job: Job, counts: dict[str, int], *, done: bool) -> Word:
    """`counts`: its deliveries by state; `done`: none of them is open any more."""
    failed = counts.get("failed", 0)
    if job.state == Job.State.CANCELLED:
        return Word("Cancelled", "grey", "block")
    if job.state == Job.State.PAUSED:
        return Word("Paused", "orange", "pause")
    if job.state in (Job.State.DONE, Job.State.FAILED) or done:
        return Word(f"Done, {failed:,} failed", "red", "error") if failed else Word("Done", "green", "check")
    return Word("Running", "blue", "arrow_upward")


def sentence(job: Job, now: Progress) -> str:
    """ "211 of 299 settled · 10.0 a second · done about 2:41 PM"."""
    parts = [f"{now.settled:,} of {now.total:,} settled"]
    if job.state == Job.State.RUNNING and not now.done:
        if now.rate:
            parts.append(f"{now.rate:.1f} a second")
        if now.arrival:
            parts.append(f"done about {formats.instant(now.arrival)}")
    elif job.finished_at:
        parts.append(f"ended {formats.instant(job.finished_at)}")
    return " · ".join(parts)


def why_paused(job: Job, now: Progress) -> str:
    """Who or what paused it, and what happens meanwhile."""
    pause = job.report.get("pause", {})
    if pause.get("why") == "first":
        return f"The first {now.settled:,} are settled. {now.held:,} wait for your word."
    if pause.get("why") == "cause":
        cause = cause_words(str(pause.get("cause")), str(pause.get("noun")))
        return f"The portal paused it: {pause.get('times')} times running, one cause. {cause}."
    who = str(pause.get("by", "")).partition(":")[2] or "somebody"
    return f"{who} paused it. What waits keeps its place."


def resuming(job: Job, now: Progress) -> str:
    """The word on the button that goes on."""
    first = job.report.get("pause", {}).get("why") == "first"
    return f"Send the other {now.held:,}" if first else "Go on"


def counts(now: Progress) -> list[tuple[str, int, str]]:
    """(word, number, colour) of each state that holds any, and of delivered and failed always."""
    return [
        (STATES[state].text, now.counts.get(state, 0), STATES[state].colour)
        for state in ORDER
        if now.counts.get(state) or state in ("delivered", "failed")
    ]


def cancelling(now: Progress, unsent: int) -> str:
    """What cancelling would do."""
    delivered, in_flight = (
        now.counts.get("delivered", 0),
        now.counts.get("in_flight", 0) + now.counts.get("unknown", 0),
    )
    are = "is" if unsent == 1 else "are"
    text = f"{unsent:,} {are} not sent yet and stay{'s' if unsent == 1 else ''} here."
    text += f" {delivered:,} already sent stay{'s' if delivered == 1 else ''} at Inbox Health."
    return text + (f" {in_flight:,} in flight will finish." if in_flight else "")
