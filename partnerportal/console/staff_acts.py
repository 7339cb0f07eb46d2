"""What an administrator does to a person: role, scope, sign-out, link, unlock, deactivate. POSTs only.

Imports accounts; the rules (last administrator, nobody their own) are in accounts.staff.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from partnerportal.accounts import keys, locking
from partnerportal.accounts import staff as people
from partnerportal.accounts.gateway import service_key
from partnerportal.accounts.models import Staff
from partnerportal.console.acting import acting
from partnerportal.console.key_acts import moves
from partnerportal.console.people import current
from partnerportal.console.staff_forms import RolesForm, ScopeForm
from partnerportal.console.staff_pages import mail_link
from partnerportal.delivery import key_changes
from partnerportal.kernel.numbers import counted
from partnerportal.records.models import Enterprise


@require_POST
def change_roles(request: HttpRequest, pk: int) -> HttpResponse:
    staff, form = _person(pk), RolesForm(request.POST)
    if form.is_valid():
        try:
            people.change_roles(staff, form.cleaned_data["roles"], current(request), acting(request))
            messages.success(
                request,
                f"{staff.username} is now {' and '.join(form.cleaned_data['roles']) or 'without a role'}.",
            )
        except people.NotAllowed as error:
            messages.error(request, str(error))
    return redirect("staff_member", pk)


@require_POST
def change_scope(request: HttpRequest, pk: int) -> HttpResponse:
    """Enterprises that the giver can't see stay as they are."""
    staff, me = _person(pk), current(request)
    form = ScopeForm(me, request.POST, initial={"everything": staff.all_enterprises})
    if form.is_valid():
        visible = Enterprise.objects.visible_to(me)
        kept = staff.scope.exclude(enterprise__in=visible).values_list("enterprise_id", flat=True)
        try:
            people.change_scope(
                staff, form.cleaned_data["everything"], [*form.chosen(), *kept], me, acting(request)
            )
            messages.success(request, f"What {staff.username} may see is changed.")
        except people.NotAllowed as error:
            messages.error(request, str(error))
    return redirect("staff_member", pk)


@require_POST
def sign_out(request: HttpRequest, pk: int) -> HttpResponse:
    staff = _person(pk)
    ended = people.sign_out_everywhere(staff, acting(request))
    messages.success(request, f"{staff.username} is signed out of {counted(ended, 'browser')}.")
    return redirect("staff_member", pk)


@require_POST
def send_link(request: HttpRequest, pk: int) -> HttpResponse:
    """A new one-time link: for who was invited, who forgot, and who was deactivated and comes back."""
    staff = _person(pk)
    people.reopen(staff, acting(request))
    mail_link(request, staff)
    return redirect("staff_member", pk)


@require_POST
def unlock(request: HttpRequest, pk: int) -> HttpResponse:
    staff = _person(pk)
    locking.unlock(staff, acting(request))
    messages.success(request, f"{staff.username} may try again.")
    return redirect("staff_member", pk)


@require_http_methods(["GET", "POST"])
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """A GET says what will happen, the POST does it."""
    staff = _person(pk)
    own = keys.own_key(staff)
    if request.method == "POST":
        try:
            people.deactivate(staff, current(request), acting(request))
            moved = key_changes.revoke(own, acting(request), move=moves(request)) if own else 0
            went = f" {counted(moved, 'delivery', 'deliveries')} go out on the service key." if moved else ""
            messages.success(request, f"{staff.username} is deactivated and signed out.{went}")
        except people.NotAllowed as error:
            messages.error(request, str(error))
        return redirect("staff")
    other = service_key()
    context = {
        "title": f"Deactivate {staff.username}",
        "person": staff.username,
        "pk": pk,
        "key": own.fingerprint if own else "",
        "waiting": key_changes.waiting_on(own) if own else 0,
        "service": other.fingerprint if other and other != own else "",
        "is_service": own is not None and own.is_service,
    }
    return render(request, "staff/deactivate.html", context)


def _person(pk: int) -> Staff:
    return get_object_or_404(Staff, pk=pk)
