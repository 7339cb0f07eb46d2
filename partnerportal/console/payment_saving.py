"""Runs a service of the money with its entry, in one transaction, and asks for what is to be sent.

What is refused comes back in the user's words, at its field. Imports records' services, delivery's and audit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.http import HttpRequest

from partnerportal.audit import entries
from partnerportal.console.acting import acting
from partnerportal.delivery import services
from partnerportal.delivery.models import Delivery
from partnerportal.records.account import NotAllowed

NO_KEY = "It is saved. There is no API key to send with: connect one under Account Settings."
Made = TypeVar("Made")


def saved(
    request: HttpRequest, form: forms.Form | None, action: str, record: Any, act: Callable[[], Made]
) -> Made | None:
    """Run `act` and note `action` about what it made, else about `record`; no action: `act` notes itself.

    None where it was refused, which the form then says.
    """
    try:
        with transaction.atomic():
            made = act()
            if action:
                entries.write(action, acting(request, made if hasattr(made, "record_name") else record))
    except NotAllowed as error:
        say(request, form, error)
        return None
    except services.NotPossible as error:
        messages.error(request, str(error))
        return None
    except ObjectDoesNotExist:
        messages.error(request, "It is not here any more: somebody deleted it in this moment.")
        return None
    return made


def say(request: HttpRequest, form: forms.Form | None, error: NotAllowed) -> None:
    """A refusal at its field, over the form where it has none, in a message where there is no form."""
    if form is None:
        messages.error(request, str(error))
    else:
        form.add_error(error.field if error.field in form.fields else None, str(error))


def send(request: HttpRequest, *records: Any) -> bool:
    """Ask for these to be sent, where this person may; whether all were asked for."""
    if not request.user.has_perm("delivery.push"):
        return False
    try:
        for record in records:
            services.request_push(acting(request, record), record)
    except services.NoKey:
        messages.warning(request, NO_KEY)
        return False
    except services.NotValid as error:
        said = "; ".join(problem.sentence for problem in error.problems)
        messages.warning(request, f"It is saved, and can't be sent yet: {said}")
        return False
    return True


def on_its_way(record: Any) -> bool:
    """Whether something of this record waits or is being sent."""
    return Delivery.objects.filter(noun=record.noun, record_id=record.pk, state__in=Delivery.OPEN).exists()
