"""The key that a form names: pasted, or made by the sandbox. Imports accounts and the key forms.

A pasted key that is here already is used only after a tick.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest

from partnerportal.accounts import keys, sandbox_key
from partnerportal.accounts.models import ApiKey, Staff
from partnerportal.console.acting import acting
from partnerportal.console.key_forms import KeyForm
from partnerportal.console.key_words import held_as
from partnerportal.console.people import current

GENERATE = "generate"  # the button's name


def form_of(request: HttpRequest, scheme: str = "") -> KeyForm:
    """Bound to what was typed; unbound on a GET, and where the sandbox is to make the key."""
    typed = request.POST if request.method == "POST" and GENERATE not in request.POST else None
    return KeyForm(typed, initial={"scheme": scheme} if scheme else None)


def key_of(request: HttpRequest, form: KeyForm, owner: Staff | None) -> ApiKey | None:
    """The unsaved key of a POST; None where the form says what is wrong. Raises NotSaved, Http404."""
    if GENERATE in request.POST:
        try:
            return sandbox_key.made_for(owner, acting(request))
        except sandbox_key.OnlyInTheSandbox:
            raise Http404 from None
    if not form.is_valid():
        return None
    key = form.candidate(owner)
    held = held_as(keys.same_as(key), current(request))
    if held and not form.cleaned_data["again"]:
        form.add_error(
            "secret",
            f"Key {key.fingerprint} is here already: it is {held}. Paste another one. Or paste this one "
            "again and tick below; the audit can't tell then as which of the two it was used.",
        )
        form.asks_again = True
        return None
    return key
