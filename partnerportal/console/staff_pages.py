"""Staff: who may do what. The list, the invitation, one person's page. For administrators (access table)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from partnerportal.accounts import keys, sessions, try_it_grant, welcome
from partnerportal.accounts import staff as people
from partnerportal.accounts.locking import locked_until
from partnerportal.accounts.models import Staff
from partnerportal.console.acting import acting
from partnerportal.console.people import current
from partnerportal.console.staff_forms import ROLE_WORDS, InviteForm, RolesForm, ScopeForm
from partnerportal.console.words import Word
from partnerportal.delivery import key_changes
from partnerportal.kernel.numbers import counted


@dataclass(frozen=True)
class Person:
    """A row of the list."""

    pk: int
    name: str
    username: str
    roles: str
    scope: str
    last_sign_in: datetime | None
    word: Word
    me: bool


@require_GET
def staff_list(request: HttpRequest) -> HttpResponse:
    found = Staff.objects.prefetch_related("groups").annotate(listed=Count("scope", distinct=True))
    rows = [_person(staff, current(request)) for staff in found.order_by("-is_active", "username")]
    return render(request, "staff/list.html", {"title": "Staff", "staff": rows})


def _person(staff: Any, me: Staff) -> Person:
    return Person(
        pk=staff.pk,
        name=staff.get_full_name() or staff.username,
        username=staff.username,
        roles=", ".join(people.roles_of(staff)) or "none",
        scope="All"
        if staff.all_enterprises
        else counted(staff.listed, "enterprise")
        if staff.listed
        else "None",
        last_sign_in=staff.last_login,
        word=word_of(staff),
        me=staff.pk == me.pk,
    )


def word_of(staff: Staff) -> Word:
    """Active, invited, locked or deactivated."""
    if not staff.is_active:
        invited = staff.invited_at is not None
        return Word("Invited", "blue", "mail") if invited else Word("Deactivated", "grey", "block")
    return Word("Locked", "orange", "lock") if locked_until(staff) else Word("Active", "green", "check")


@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Makes the person, inactive, and mails them a link to set a password."""
    form = InviteForm(current(request), request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        wanted = people.Invitation(
            said["username"], said["email"], said["name"], said["roles"], said["everything"], form.chosen()
        )
        try:
            staff = people.invite(wanted, acting(request))
        except people.NotAllowed as error:
            form.add_error("username", str(error))
        else:
            mail_link(request, staff)
            return redirect("staff")
    context = {
        "title": "Invite",
        "form": form,
        "role_words": ROLE_WORDS,
        "chosen": form["roles"].value() or [],
    }
    return render(request, "staff/invite.html", context, status=422 if form.errors else 200)


def mail_link(request: HttpRequest, staff: Staff) -> None:
    """Send the one-time link and say what came of it."""
    try:
        welcome.send(staff, acting(request))
    except welcome.MailFailed:
        messages.error(
            request, f"The mail to {staff.username} could not be sent. Send the link again from their page."
        )
    else:
        messages.success(request, f"{staff.username} gets a mail with a link to set a password.")


@require_GET
def member(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: role, enterprises, access."""
    staff = get_object_or_404(Staff.objects.prefetch_related("groups"), pk=pk)
    me = current(request)
    own = keys.own_key(staff)
    context = {
        "title": f"Staff {staff.username}",
        "person": _person(Staff.objects.annotate(listed=Count("scope")).get(pk=pk), me),
        "email": staff.email,
        "active": staff.is_active,
        "roles": RolesForm(initial={"roles": people.roles_of(staff)}),
        "held": people.roles_of(staff),
        "role_words": ROLE_WORDS,
        "scope": ScopeForm(
            me,
            initial={
                "everything": staff.all_enterprises,
                "enterprises": list(staff.scope.values_list("enterprise_id", flat=True)),
            },
        ),
        "try_it_writes": try_it_grant.granted(staff),
        "locked": locked_until(staff),
        "sessions": len(sessions.sessions_of(staff)),
        "waiting": key_changes.waiting_on(own) if own else 0,
    }
    return render(request, "staff/member.html", context)
