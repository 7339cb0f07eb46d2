"""The reader's own state at the head of each chapter: what they have, within their sight, and the next step.

Counts stop at 10,000. Imports records, delivery's needs, accounts and the onboarding steps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from partnerportal.accounts.gateway import key_for
from partnerportal.accounts.key_test import host
from partnerportal.accounts.keys import own_key
from partnerportal.accounts.models import Staff
from partnerportal.console import counting, key_words, onboarding
from partnerportal.console.onboarding import Step, address
from partnerportal.delivery import needs
from partnerportal.kernel.environment import environment_name, sandbox_page
from partnerportal.kernel.numbers import counted
from partnerportal.records.models import Doctor, Endpoint, Enterprise, Invoice, Patient, Practice


@dataclass(frozen=True)
class State:
    """What the reader has, in sentences; `act` and `href` are the button, "" where there is none for them."""

    sentences: list[str]
    act: str = ""
    href: str = ""


def state_of(slug: str, staff: Staff) -> State:
    """The state that a chapter begins with."""
    return _STATES[slug](staff)


def _clients(staff: Staff) -> State:
    found = Enterprise.objects.visible_to(staff)
    parts = [_number(model.objects.visible_to(staff), noun) for model, noun in _INSIDE]
    told = [_have(found, "enterprise", "pushed"), f"In them: {' and '.join(parts)}."]
    step = onboarding.enterprise(staff)
    step = onboarding.inside(staff) if step.done else step
    return _with(told[: 2 if found.exists() else 1], step, "Open enterprises", _list("enterprise"))


_INSIDE: tuple[tuple[Any, str], ...] = ((Practice, "practice"), (Doctor, "doctor"))


def _patients(staff: Staff) -> State:
    found = Patient.objects.visible_to(staff)
    told = [_have(found.filter(removed=False), "patient", "sent")]
    step = onboarding.patients(staff)
    if step.done and staff.has_perm("records.add_patient"):
        return State(told, "Import a file", address("import"))
    return _with(told, step, "Open patients", _list("patient"))


def _balances(staff: Staff) -> State:
    found = Invoice.objects.visible_to(staff)
    told = [_have(found, "invoice", "sent")]
    differing = found.none() if not found.exists() else _differing(staff)
    if found.exists():
        number = counting.count(differing)
        told.append(f"{_counted(number, 'balance')} {'differs' if number.number == 1 else 'differ'}."
                    if number.number else "No balance is known to differ.")  # fmt: skip
    step = onboarding.balances(staff)
    return _with(told, step, "Open balances", address("balances"))


def _differing(staff: Staff) -> QuerySet[Any]:
    rows: QuerySet[Any] = Patient.objects.visible_to(staff).filter(balance_gap_cents__gt=0)
    return rows


def _webhooks(staff: Staff) -> State:
    found = Endpoint.objects.visible_to(staff).filter(removed=False)
    told = [_have(found, "endpoint", "registered")]
    return _with(told, onboarding.webhooks(staff), "Open events", address("events"))


def _keys(staff: Staff) -> State:
    key, own = key_for(staff), own_key(staff)
    if key is None:
        told = "There is no key for you yet: neither an own one nor a service key."
    else:
        word = key_words.key_view(key).word.text.lower()
        whose = "your own key" if own and own.pk == key.pk else "the service key"
        told = f"You send on {whose} {key.fingerprint}: {word}."
    return _with([told], onboarding.key(staff), "Open Account Settings", address("account"))


def _trying(staff: Staff) -> State:
    environment, page = environment_name(), sandbox_page()
    if environment != "sandbox":
        told = f"This portal talks to Inbox Health's {environment} environment: nothing is a trial here."
        return State([told], "Open Account Settings", address("account"))
    told = f"This portal talks to the sandbox at {host()}."
    return State([told], "Open the sandbox's page", page) if page else State([told])


def _questions(staff: Staff) -> State:
    number = counting.count(needs.needing(staff))
    if not number.number:
        return State(["Nothing of what was sent needs you."])
    told = f"{_counted(number, 'delivery', 'deliveries')} {'needs' if number.number == 1 else 'need'} you."
    return State([told], "Go to Needs you", address("needs"))


_STATES: dict[str, Callable[[Staff], State]] = {
    "onboarding-new-clients": _clients,
    "creating-patients": _patients,
    "assigning-balances": _balances,
    "subscribing-to-webhooks": _webhooks,
    "authentication-and-keys": _keys,
    "trying-it-out": _trying,
    "faqs": _questions,
}


def _have(rows: QuerySet[Any], noun: str, verb: str) -> str:
    """ "You have 2 enterprises, 1 not yet pushed." """
    total, unsent = counting.count(rows), counting.count(rows.filter(remote_id=None))
    if not total.number:
        return f"You have no {noun} yet."
    several = total.number > 1
    some = f"{unsent} not yet {verb}" if several else f"not yet {verb}"
    rest = some if unsent.number else f"all {verb}" if several else verb
    return f"You have {_counted(total, noun)}, {rest}."


def _number(rows: QuerySet[Any], noun: str) -> str:
    return _counted(counting.count(rows), noun)


def _counted(found: counting.Count, one: str, many: str = "") -> str:
    return counted(found.number, one, many) if found.is_exact else f"{found} {many or one + 's'}"


def _with(told: list[str], step: Step, else_act: str, else_href: str) -> State:
    """The step's own button while it is open and theirs; afterwards, where one works on."""
    if not step.done and step.href:
        return State([*told, step.note] if step.note else told, step.act, step.href)
    return State(told, else_act, else_href) if else_href else State(told)


def _list(noun: str) -> str:
    return address(f"admin:records_{noun}_changelist")
