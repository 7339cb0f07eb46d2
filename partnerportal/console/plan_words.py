"""What a plan says: counts, what confirming does, whose statements it starts. Source: pages 2 and 3.

Imports delivery's plans.
"""

from __future__ import annotations

from partnerportal.delivery import plans
from partnerportal.delivery.models import Plan
from partnerportal.kernel.environment import environment_name
from partnerportal.kernel.ids import parse, short_id
from partnerportal.kernel.numbers import counted

LARGE = 25  # records; more of them, in production, and the number is typed
UNDONE = {
    "patient": "Inbox Health has no delete for patients.",
    "enterprise": "Inbox Health has no delete for enterprises.",
    "practice": "A practice can be deleted there later.",
    "doctor": "A doctor can be deleted there later.",
    "invoice": "An invoice can be deleted there later.",
    "line_item": "A line can be deleted there later.",
    "payment": "A payment can be voided there later, as a whole.",
    "invoice_payment": "What is applied can be lowered there later.",
    "payment_adjustment": "Inbox Health can’t take back a refund or a void.",
    "write_off": "Inbox Health has no delete for write-offs.",
    "payment_reason": "Inbox Health has no delete for payment reasons.",
    "write_off_code": "Inbox Health has no change and no delete for write-off codes.",
    "account_type": "Inbox Health has no delete for account types.",
}
ACTS = {
    "create": "created",
    "update": "updated",
    "unchanged": "unchanged, left out",
    "not_valid": "not valid, left out",
    "busy": "on their way already, left out",
}
_PAGES = {"/needs/": "Needs you", "/sending/deliveries/": "Deliveries", "/files/": "Files"}
ALWAYS = ("create", "update", "not_valid")


def came_from(plan: Plan) -> str:
    """The name of the page that it was made on, as its crumb says it."""
    for start, name in _PAGES.items():
        if plan.origin_url.startswith(start):
            return name
    last = plan.origin_url.rstrip("/").rpartition("/")[2]
    known = parse(last.upper())
    if known:
        return short_id(*known)
    return (
        short_id(plan.noun, int(last))
        if last.isdigit() and f"/{plan.noun}/" in plan.origin_url
        else plans.PLURALS[plan.noun].capitalize()
    )


def summary(counts: dict[str, int]) -> list[str]:
    """ "297 created", "1 unchanged, left out"."""
    return [f"{counts.get(a, 0):,} {word}" for a, word in ACTS.items() if counts.get(a) or a in ALWAYS]


def confirmation(plan: Plan) -> str:
    """What will happen, to how many, where, and whether it can be undone."""
    parts = [f"{plan.counts[a]:,} {ACTS[a]}" for a in plans.SENDABLE if plan.counts.get(a)]
    where = environment_name().upper()
    if not parts:
        return "Nothing to send."
    return f"{', '.join(parts)} in {where}. {UNDONE.get(plan.noun, '')}".rstrip()


def statements(plan: Plan) -> str:
    """What it sets going that reaches patients; "" for nouns that never do."""
    if plan.noun != "patient":
        return ""
    number = plan.facts.get("statements", 0)
    if not number:
        return "Nothing in this push starts a statement."
    whom = counted(number, "patient")
    return f"Inbox Health may start sending statements to {whom}: their billing status leaves Nothing due."


def asks_for_the_number(plan: Plan) -> bool:
    """Whether confirming takes the number, typed: large or risky, in production."""
    risky = plans.sendable(plan) > LARGE or bool(plan.facts.get("statements"))
    return environment_name() == "production" and risky
