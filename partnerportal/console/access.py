"""Who may open which page: one table from URL name to rule, and the middleware that holds every page to it.

What has no rule is refused, so that a forgotten page is a closed one. Imports the console's acting only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme

from partnerportal.accounts.middleware import POLL_HEADER
from partnerportal.console.doors import interrupted

SAFE = {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True)
class Rule:
    """Public, or for people who are signed in and hold one of `any_of` (none: signed in is enough).

    `to_write` is asked for besides, by every method that can change something.
    """

    public: bool = False
    any_of: tuple[str, ...] = ()
    to_write: str = ""

    def allows(self, user: Any, method: str) -> bool:
        if self.public:
            return True
        if not (user.is_authenticated and user.is_active):
            return False
        if self.any_of and not any(user.has_perm(name) for name in self.any_of):
            return False
        return method in SAFE or not self.to_write or bool(user.has_perm(self.to_write))


PUBLIC = Rule(public=True)
SIGNED_IN = Rule()


def needs(*any_of: str, to_write: str = "") -> Rule:
    """Signed in, and one of these permissions ("records.view_patient")."""
    return Rule(any_of=any_of, to_write=to_write)


def _record_rules(noun: str) -> dict[str, Rule]:
    """The rule of each part of a record's pages; `noun` as Django names its model."""
    view, add, change, delete = (f"records.{verb}_{noun}" for verb in ("view", "add", "change", "delete"))
    return {
        "changelist": needs(view),
        "change": needs(view),
        "story": needs(view),
        "add": needs(add),
        "edit": needs(change),
        "link": needs("delivery.push"),
        "remove": needs(change, to_write="delivery.push"),
        "delete": needs(delete),
        "undo": needs("delivery.push"),
        "meanwhile": needs(view),
    }


FRAME: dict[str, Rule] = {
    "root": SIGNED_IN,
    "record": SIGNED_IN,  # a short address: leads to the record's page, which has its own rule
    "healthz": PUBLIC,
    "readyz": PUBLIC,
    "webhook": PUBLIC,  # the signature is the proof
}
RECORDS: dict[str, Rule] = {
    **{
        f"admin:records_{noun}_{part}": rule
        for noun in ("enterprise", "practice", "doctor", "patient")
        for part, rule in _record_rules(noun).items()
    },
    "admin:index": SIGNED_IN,
    "admin:records_enterprise_practices": needs("records.view_practice"),
    "admin:records_enterprise_doctors": needs("records.view_doctor"),
    "admin:records_enterprise_patients": needs("records.view_patient"),
    "admin:records_enterprise_onboarding": needs("records.view_enterprise"),
    **dict.fromkeys(
        [f"admin:records_enterprise_onboarding_{act}" for act in ("check", "assign", "note")],
        needs("records.change_enterprise"),
    ),
    "admin:records_enterprise_duplicates": needs("records.view_patient"),
    "admin:records_patient_compare": needs("records.view_patient"),
    "admin:records_patient_join": needs("records.change_patient", to_write="delivery.push"),
    "admin:records_patient_apart": needs("records.change_patient"),
    "admin:records_patient_by_ssn": needs("accounts.reveal_phi"),
    "admin:records_patient_reveal": needs("accounts.reveal_phi"),
}
_MONEY_NOUNS = (
    "invoice", "line_item", "payment", "invoice_payment", "payment_adjustment", "write_off",
    "payment_reason", "write_off_code", "account_type",
)  # fmt: skip
_MONEY_PARTS = ("change", "edit", "story", "link", "undo", "meanwhile")
MONEY: dict[str, Rule] = {
    **{
        f"admin:records_{noun}_{part}": rule
        for noun in _MONEY_NOUNS
        for part, rule in _record_rules(noun.replace("_", "")).items()
        if part in _MONEY_PARTS
    },
    # The patient's balance and the invoice.
    "balance": needs("records.view_invoice"),
    "balance_compare": needs("delivery.push"),
    "balance_push": needs("delivery.push"),
    "admin:records_invoice_changelist": needs("records.view_invoice"),
    "admin:records_invoice_delete": needs("records.delete_invoice"),
    "line_add": needs("records.add_lineitem"),
    "admin:records_line_item_delete": needs("records.delete_lineitem"),
    "invoice_email": needs("records.change_invoice", to_write="delivery.push"),
    **dict.fromkeys(("assign_balance", "assign_bodies"), needs("records.add_invoice")),
    # Payments, balances, billing, codes, notifications.
    "admin:records_payment_changelist": needs("records.view_payment"),
    "admin:records_payment_delete": needs("records.delete_payment"),
    **dict.fromkeys(("record_payment", "payment_preview"), needs("records.add_payment")),
    "write_off": needs("records.add_writeoff"),
    "notifications": needs("records.view_patient"),
    "notifications_read": needs("delivery.push"),
    "payment_apply": needs("records.add_invoicepayment"),
    **dict.fromkeys(("application_change", "application_drop"), needs("records.change_invoicepayment")),
    **dict.fromkeys(
        ("payment_refund", "payment_void"), needs("records.add_paymentadjustment", to_write="delivery.push")
    ),
    "adjustment_drop": needs("records.delete_paymentadjustment"),
    **dict.fromkeys(("billing_choose", "billing"), needs("records.change_patient", to_write="delivery.push")),
    **dict.fromkeys(("balances", "comparison"), needs("records.view_invoice")),
    **dict.fromkeys(("compare", "comparison_stop", "codes_push"), needs("delivery.push")),
    "codes": needs("records.view_paymentreason"),
    **dict.fromkeys(("code_add", "code_edit", "code_delete"), needs("records.change_paymentreason")),
}
_OWN_KEY = needs("accounts.change_api_key")
_ANY_KEY = needs("accounts.change_api_key", "accounts.name_service_key")  # which one: the page narrows it
_STAFF = needs("accounts.manage_staff")
ACCOUNT: dict[str, Rule] = {
    "account_login": PUBLIC,
    "account_logout": PUBLIC,  # allauth leads nobody back to the sign-in page
    **dict.fromkeys(("welcome", "welcome_password"), PUBLIC),  # the one-time link is the proof
    "account": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "account_preferences": SIGNED_IN,
    **dict.fromkeys(
        [f"account_{act}" for act in ("session", "back", "end_session", "end_others")], SIGNED_IN
    ),
    "key_connect": _OWN_KEY,
    "key_generate": _OWN_KEY,
    "key_view": needs("accounts.view_api_key"),
    "keys": needs("accounts.view_apikey"),
    "key_add": needs("accounts.name_service_key"),
    "key_test": _ANY_KEY,
    "key_replace": _ANY_KEY,
    "key_revoke": _ANY_KEY,
    "key_name": needs("accounts.name_service_key"),
    "staff": needs("accounts.view_staff"),
    "staff_invite": _STAFF,
    "staff_member": needs("accounts.view_staff", to_write="accounts.manage_staff"),
    "staff_roles": _STAFF,
    "staff_scope": _STAFF,
    "staff_sign_out": _STAFF,
    "staff_link": _STAFF,
    "staff_unlock": _STAFF,
    "staff_deactivate": _STAFF,
}
PUSH = needs("delivery.push")
SENDING: dict[str, Rule] = {
    **dict.fromkeys(("push_record", "push_selected", "plan", "plan_confirm", "plan_again"), PUSH),
    "batches": needs("delivery.view_delivery"),
    "batch": needs("delivery.view_delivery"),
    **dict.fromkeys(("batch_pause", "batch_resume", "batch_cancel"), PUSH),
    "brakes": needs("accounts.stop_sending"),
    "brake_release": needs("accounts.stop_sending"),
    "key_waiting": needs("delivery.push", "accounts.name_service_key"),
    "deliveries": needs("delivery.view_delivery"),
    "delivery": needs("delivery.view_delivery"),
    **dict.fromkeys(("deliveries_again", "delivery_again", "delivery_look", "delivery_cancel"), PUSH),
    "decide": needs("delivery.decide"),
}
NEEDS: dict[str, Rule] = {
    **dict.fromkeys(("needs", "needs_group", "needs_asides"), needs("delivery.view_delivery")),
    **dict.fromkeys(("needs_fix", "needs_again", "needs_aside", "needs_back"), PUSH),
    **dict.fromkeys(("notices", "notice_open", "notices_seen"), SIGNED_IN),
}
ADOPT = needs("records.add_enterprise")
SYNC: dict[str, Rule] = {
    **dict.fromkeys(("differences", "pull"), needs("delivery.view_delivery")),
    "difference": needs("delivery.view_delivery", to_write="delivery.decide"),
    "difference_missing": PUSH,
    "duplicate": needs("delivery.view_delivery", to_write="delivery.decide"),
    "differences_push": PUSH,
    "differences_take": needs("delivery.decide"),
    "pull_start": PUSH,
    "only_there": ADOPT,
    "differences_bring_in": ADOPT,
    "take_in_start": ADOPT,
    "adopt": needs("records.add_enterprise", to_write="delivery.push"),
    **dict.fromkeys(("payments_received", "posting"), needs("records.view_payment")),
    **dict.fromkeys(("received_hand_out", "posting_download"), needs("records.add_payment")),
}
AUDIT: dict[str, Rule] = {
    "exchanges": needs("audit.view_answer"),  # an operator comes to single ones through a record
    "exchange": needs("audit.view_exchange"),
    "entries": needs("audit.view_entry"),
}
IMPORT = needs("records.add_patient", "records.add_doctor", "records.add_enterprise")
FILES: dict[str, Rule] = {
    "files": needs("records.view_patient"),
    "job": needs("records.view_patient"),
    "import": IMPORT,
    **dict.fromkeys(("import_confirm", "import_cancel", "import_decide", "import_columns"), IMPORT),
    **dict.fromkeys(("import_empty", "import_names", "import_rows", "import_undo"), IMPORT),
    "import_push": PUSH,
    **dict.fromkeys(("exports", "export", "export_choose", "export_start"), needs("records.view_patient")),
    **dict.fromkeys(("export_download", "export_drop"), needs("records.view_patient")),
}
# Who may run what is asked again for each operation: explorer.allowed.
TRY = needs("delivery.push", "accounts.manage_staff")
REFERENCE: dict[str, Rule] = {
    **dict.fromkeys(("reference", "reference_openapi", "reference_operation"), SIGNED_IN),
    **dict.fromkeys(("reference_try", "reference_confirm", "reference_tried"), TRY),
    "reference_writes": _STAFF,
    "staff_try_it": _STAFF,
}
HELP: dict[str, Rule] = dict.fromkeys(
    ("guide", "guide_chapter", "guide_errors", "guide_error", "checklist"), SIGNED_IN
)
_ENDPOINT = needs("records.change_endpoint")
WEBHOOKS: dict[str, Rule] = {
    **dict.fromkeys(("endpoints", "endpoint"), needs("records.view_endpoint")),
    "endpoint_add": needs("records.add_endpoint"),
    **dict.fromkeys(("endpoint_change", "endpoint_pause", "endpoint_resume", "endpoint_check"), _ENDPOINT),
    "endpoint_unregister": needs("records.delete_endpoint"),
    **dict.fromkeys(("events", "event"), needs("webhooks.view_event")),
    **dict.fromkeys(("events_replay", "event_replay"), needs("webhooks.replay_event")),
}
RULES: dict[str, Rule] = {
    **WEBHOOKS,
    **FRAME,
    **RECORDS,
    **MONEY,
    **ACCOUNT,
    **SENDING,
    **NEEDS,
    **SYNC,
    **AUDIT,
    **FILES,
    **REFERENCE,
    **HELP,
}


class AccessMiddleware:
    """Runs last before the page. 403 for the wrong role, the sign-in page for nobody, 401 for a script."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """No page is kept by a browser or a proxy: after signing out, Back must not show a patient."""
        response = self.get_response(request)
        patch_cache_control(response, no_store=True)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        rule = RULES.get(name)
        if rule is None:
            raise PermissionDenied(f"no rule for {name}")
        if rule.allows(request.user, request.method or "GET"):
            return None
        if request.user.is_authenticated:
            raise PermissionDenied(name)
        return _sign_in_first(request)


def _sign_in_first(request: HttpRequest) -> HttpResponse:
    if POLL_HEADER in request.headers or "HX-Request" in request.headers:
        return HttpResponse("Signed out.", status=401, content_type="text/plain")
    if request.method in SAFE:
        return redirect_to_login(request.get_full_path(), reverse("account_login"))
    return interrupted(request, _page_it_came_from(request))


def _page_it_came_from(request: HttpRequest) -> str:
    """The form's own page, so that signing in leads back to it; only within this site."""
    referer = request.headers.get("Referer", "")
    host = request.get_host()
    if url_has_allowed_host_and_scheme(referer, {host}) and host in referer:
        return referer.split(host, 1)[1] or "/"
    return "/"
