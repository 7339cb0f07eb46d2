"""What a plan says: counts, what confirming does, whose statements it starts. Source: pages 2 and 3.

Imports delivery's plans.
"""

from __future__ import annotations

from django.db.models import Count

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
    "create": "new",
    "update": "changed",
    "unchanged": "unchanged, left out",
    "not_valid": "not valid, left out",
    "busy": "on their way already, left out",
}
WILL = {"create": "will be created", "update": "will be updated"}
WHY = {
    "first": "Goes first, because it is needed.",
    "within": "Goes in the same request as what it belongs to.",
    "follows": "Follows its payment.",
}
_REQUESTS = (  # kind, after 1, after any other number
    ("writes", "record is sent", "records are sent"),
    ("looks", "is read before it is changed", "are read before they are changed"),
    ("lists", "list is read first", "lists are read first"),
    ("practices", "list of practices is read", "lists of practices are read"),
    ("lines", "invoice’s lines are read back", "invoices’ lines are read back"),
    ("balances", "patient’s balance is read afterwards", "patients’ balances are read afterwards"),
)
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
    items = plan.items.sendable().order_by().values("act", "noun").annotate(n=Count("pk"))
    by_act = {act: {row["noun"]: row["n"] for row in items if row["act"] == act} for act in WILL}
    parts = [f"{plans.of_nouns(found)} {WILL[act]}" for act, found in by_act.items() if found]
    if not parts:
        return "Nothing to send."
    return f"{', '.join(parts)} in {environment_name().upper()}. {_undone(plan)}".rstrip()


def _undone(plan: Plan) -> str:
    """Of several nouns what holds for the first is not said: each has its own page."""
    return UNDONE.get(plan.noun, "") if len(plan.facts.get("nouns", {})) < 2 else ""


def requests(plan: Plan) -> list[str]:
    """ "3 records are sent", "1 is read before it is changed"."""
    numbers = plan.facts.get("requests", {})
    return [counted(numbers[kind], *words) for kind, *words in _REQUESTS if numbers.get(kind)]


def held(plan: Plan) -> str:
    """How many wait for what can't be sent as it is; "" for none."""
    number = plan.facts.get("held", 0)
    waits = "waits: what it needs" if number == 1 else "wait: what they need"
    return f"{number:,} of them {waits} can’t be sent as it is, or a person decides first." if number else ""


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
