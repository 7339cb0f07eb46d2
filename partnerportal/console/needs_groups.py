"""What needs a person, as lines of one page: cause in words, number, oldest, one remedy. Largest first.

Imports delivery's needs, records' imports and jobs; reads only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse

from partnerportal.console import batch_words, event_needs, key_remedy
from partnerportal.console.permitted import permitted
from partnerportal.console.remedies import Act
from partnerportal.delivery import batches, needs
from partnerportal.delivery.needs import Group
from partnerportal.delivery.plans import of_records
from partnerportal.delivery.sentences import BLOCKED, cause_words, names_fields, reason_words
from partnerportal.jobs.models import Job
from partnerportal.kernel.numbers import counted
from partnerportal.records.models import NOUNS, Import, ImportRow
from partnerportal.sync import differences

WORDS = {
    needs.UNDECIDED: "Sent, no answer, and looking could not settle it",
    needs.ALIKE: "Looks like a record that is already there",
    needs.NOT_VALID: "Can't be sent as it is: something is missing or wrong",
}
DECIDED = (needs.UNDECIDED, needs.ALIKE, needs.TWICE)
LOOK = ("id_taken", "other_enterprise", "tied_already", "record_gone")  # sending again would fail again


@dataclass(frozen=True)
class Line:
    """One group. `rows`: the page of its records, "" where it has none; `note`: who else can do it."""

    sentence: str
    what: str
    enterprises: int
    oldest: datetime
    act: Act | None
    number: int
    rows: str = ""
    note: str = ""
    fields: tuple[tuple[str, str], ...] = ()  # what a POST act sends
    icon: str = "error"
    about: tuple[str, ...] = ()  # domain and word of the error catalogue


def lines(user: Any) -> list[Line]:
    found = [_of_group(group, user) for group in needs.groups(user)]
    found += [_of_key(group, user) for group in needs.keys(user)]
    found += [_of_conflicts(group, user) for group in differences.conflict_groups(user)]
    found += [_of_duplicates(group, user) for group in differences.duplicate_groups(user)]
    found += [_of_missing(group, user) for group in differences.missing_groups(user)]
    found += _of_imports(user) + _of_batches(user)
    found += [Line(**line) for line in event_needs.lines(user)]
    return sorted(found, key=lambda line: (-line.number, line.oldest))


def sentence_of(kind: str, noun: str, cause: str) -> str:
    """A group's cause in words."""
    if kind in WORDS:
        return WORDS[kind]
    if kind == needs.FAILED:
        return cause_words(cause, noun)
    if kind == needs.BLOCKED:
        return BLOCKED.get(cause, "Waits for something else").format(parent="its parent", problems="")
    words = reason_words(cause)
    return words[:1].upper() + words[1:]


def _of_group(group: Group, user: Any) -> Line:
    fields = (("kind", group.kind), ("noun", group.noun), ("cause", group.cause))
    query = urlencode(fields)
    return Line(
        sentence=sentence_of(group.kind, group.noun, group.cause),
        what=of_records(group.number, group.noun),
        enterprises=group.enterprises,
        oldest=group.oldest,
        act=_act(group, user, query),
        number=group.number,
        rows=f"{reverse('needs_group')}?{query}",
        fields=fields,
        icon="live_help"
        if group.kind in DECIDED
        else "edit_off"
        if group.kind == needs.NOT_VALID
        else "error",
    )


def _act(group: Group, user: Any, query: str) -> Act | None:
    """The one button. The ellipsis says that a page comes first."""
    if group.kind in DECIDED:
        return _decide(group, user)
    if not user.has_perm("delivery.push"):
        return None
    mends = permitted(user, "change", group.noun)
    if mends and group.noun in NOUNS and (group.kind == needs.NOT_VALID or names_fields(group.cause)):
        return Act(f"Fix {group.number:,}…", f"{reverse('needs_fix')}?{query}", "build")
    if group.cause in LOOK or group.kind in (needs.BLOCKED, needs.NOT_VALID):
        return Act(f"Look at {group.number:,}", f"{reverse('needs_group')}?{query}", "search")
    if group.kind == needs.FAILED:
        return Act(f"Send {group.number:,} again…", reverse("needs_again"), "send", post=True)
    return None


def _decide(group: Group, user: Any) -> Act | None:
    if not user.has_perm("delivery.decide"):
        return None
    first = needs.of(user, group.kind, group.noun, group.cause).values_list("pk", flat=True).first()
    label = "Decide…" if group.number == 1 else f"Decide {group.number:,}…"
    return Act(label, f"{reverse('decide', args=[first])}?then=needs", "live_help") if first else None


def _of_key(group: needs.KeyGroup, user: Any) -> Line:
    act = key_remedy.act_for(group.key, user)
    return Line(
        sentence=key_remedy.sentence(group.key),
        what=f"{counted(group.number, 'delivery', 'deliveries')} waiting",
        enterprises=group.enterprises,
        oldest=group.since,
        act=act,
        number=group.number,
        note="" if act else key_remedy.who_else(group.key),
        about=("key", group.key.state),
        icon="key_off",
    )


def _of_conflicts(group: differences.Group, user: Any) -> Line:
    """Changed on both sides: one leads to its page, several to the list."""
    return _of_differences(
        group,
        differences.CONFLICTS,
        "Changed here and at Inbox Health, to different values",
        may=user.has_perm("delivery.decide"),
        one=reverse("difference", args=[group.noun, group.first]),
        icon="call_split",
        about=("blocked", "conflict"),
    )


def _of_duplicates(group: differences.Group, user: Any) -> Line:
    """Sent once as far as we know, and there twice."""
    return _of_differences(
        group,
        differences.DUPLICATES,
        "Inbox Health may have the same record twice",
        may=user.has_perm("delivery.decide"),
        one=reverse("duplicate", args=[group.first]),
        icon="content_copy",
        about=("delivery", "landed_twice"),
    )


def _of_missing(group: differences.Group, user: Any) -> Line:
    """Gone there: what refers to it is refused until it is sent again, tied anew or marked removed."""
    return _of_differences(
        group,
        differences.MISSING,
        "Not at Inbox Health any more",
        may=user.has_perm("delivery.push"),
        one="",
        icon="link_off",
        about=("record", "missing_there"),
    )


def _of_differences(
    group: differences.Group,
    tab: str,
    sentence: str,
    *,
    may: bool,
    one: str,
    icon: str,
    about: tuple[str, str],
) -> Line:
    """`one`: where a single one is decided, "" for the list as with several."""
    rows = f"{reverse('differences')}?tab={tab}&noun={group.noun}"
    several = group.number > 1
    words = f"Decide {group.number:,}…" if several else "Decide…"
    return Line(
        sentence=sentence,
        what=of_records(group.number, group.noun),
        enterprises=group.enterprises,
        oldest=group.oldest,
        act=Act(words, rows if several or not one else one, icon) if may else None,
        number=group.number,
        rows=rows,
        icon=icon,
        about=about,
    )


def maybe_rows(user: Any) -> Any:
    """Undecided rows of imports that wait to go in."""
    ready = Import.objects.visible_to(user).filter(state=Import.State.CHECKED)
    return ImportRow.objects.filter(file_import__in=ready, word=ImportRow.Word.MAYBE, decision="")


def _of_imports(user: Any) -> list[Line]:
    if not user.has_perm("records.add_patient"):
        return []
    rows = (
        maybe_rows(user).order_by().values("file_import", "file_import__created_at").annotate(n=Count("pk"))
    )
    return [
        Line(
            sentence="Maybe already here: the same name and date of birth",
            what=f"{counted(row['n'], 'row')} of import J-{row['file_import']}",
            enterprises=1,
            oldest=row["file_import__created_at"],
            act=Act("Decide…", f"{reverse('job', args=[row['file_import']])}?tab=maybe", "live_help"),
            number=row["n"],
            icon="group",
            about=("row", "maybe"),
        )
        for row in rows
    ]


def paused_batches(user: Any) -> Any:
    """Batches that wait for a word: paused by the portal, or after the first few."""
    waits = Job.objects.filter(kind=Job.Kind.PUSH, state=Job.State.PAUSED)
    waits = waits.filter(report__pause__why__in=["cause", "first"])
    if user.all_enterprises:
        return waits
    scope = user.scope.values("enterprise_id")
    return waits.filter(Q(enterprise_id__in=scope) | Q(enterprise_id=None, staff_id=user.pk))


def _of_batches(user: Any) -> list[Line]:
    return [_of_batch(job) for job in paused_batches(user).order_by("pk")[:50]]


def _of_batch(job: Job) -> Line:
    now = batches.progress(job)
    left = max(now.total - now.settled, 1)
    return Line(
        sentence=f"Batch {job.short_id} is paused. {batch_words.why_paused(job, now)}".rstrip("."),
        what=counted(left, "record"),
        enterprises=1,
        oldest=job.started_at,
        act=Act(f"Go to {job.short_id}", reverse("batch", args=[job.pk]), "pause_circle"),
        number=left,
        icon="pause_circle",
        about=("brake", job.report.get("pause", {}).get("why", "")),
    )


def total(user: Any) -> int:
    """The badge's number: what the page would list, in records, deliveries, rows and batches."""
    number = needs.needing(user).count() + sum(group.number for group in needs.keys(user))
    number += sum(group.number for group in differences.conflict_groups(user))
    number += sum(group.number for group in differences.duplicate_groups(user))
    number += sum(group.number for group in differences.missing_groups(user))
    if user.has_perm("records.add_patient"):
        number += maybe_rows(user).count()
    return int(number + paused_batches(user).count() + event_needs.number(user))
