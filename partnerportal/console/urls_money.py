"""The addresses of the pages about money. Each has its rule in access.py.

`record_pages_of_money` are named like the other records' pages, under the namespace `admin`, `urlpatterns`
without one. Each has a block for the patient and the invoice, and one for payments, balances, billing, codes.
"""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from partnerportal.console import (
    apply,
    assign,
    balance_push,
    balance_tab,
    balances,
    balances_job,
    billing,
    codes,
    invoice_acts,
    invoice_lines,
    invoice_list,
    invoice_page,
    meanwhile,
    notifications,
    payment_acts,
    payment_list,
    payment_page,
    payment_record,
    record_acts,
    record_homes,
    record_pages,
    take_back,
    write_off_page,
)
from partnerportal.records.models import MONEY


def _noun(noun: str) -> list[URLPattern | URLResolver]:
    """What every money record has, whether it has a page of its own or not."""
    base, name, said = f"records/{noun}/<int:pk>", f"records_{noun}", {"noun": noun}
    return [
        path(f"{base}/story/", record_pages.record_story, said, name=f"{name}_story"),
        path(f"{base}/link/", record_acts.link, said, name=f"{name}_link"),
        path(f"{base}/undo/", record_acts.undo, said, name=f"{name}_undo"),
        path(f"{base}/meanwhile/", meanwhile.fragment, said, name=f"{name}_meanwhile"),
    ]


def _at_home(noun: str) -> list[URLPattern | URLResolver]:
    """Its page and its form are where its home is, until it has its own."""
    base, name, said = f"records/{noun}/<int:pk>", f"records_{noun}", {"noun": noun}
    return [
        path(f"{base}/{part}/", record_homes.record_home, said, name=f"{name}_{part}")
        for part in (("change",) if noun in record_homes.OWN_FORM else ("change", "edit"))
    ]


# --- The patient's balance and the invoice.
_INVOICE = "records/invoice/<int:pk>"
_INVOICE_PAGES: list[URLPattern | URLResolver] = [
    path("records/invoice/", invoice_list.invoice_list, name="records_invoice_changelist"),
    path(f"{_INVOICE}/change/", invoice_page.invoice_page, name="records_invoice_change"),
    path(f"{_INVOICE}/edit/", invoice_acts.invoice_edit, name="records_invoice_edit"),
    path(f"{_INVOICE}/delete/", invoice_acts.invoice_delete, name="records_invoice_delete"),
    path("records/line_item/<int:pk>/edit/", invoice_lines.line_edit, name="records_line_item_edit"),
    path("records/line_item/<int:pk>/delete/", invoice_lines.line_delete, name="records_line_item_delete"),
]
_BALANCE: list[URLPattern | URLResolver] = [
    path("records/patient/<int:pk>/balance/", balance_tab.balance_page, name="balance"),
    path("records/patient/<int:pk>/balance/compare/", balance_tab.compare_now, name="balance_compare"),
    path("records/patient/<int:pk>/balance/push/", balance_push.push_all, name="balance_push"),
    path("records/patient/<int:pk>/assign/", assign.assign_page, name="assign_balance"),
    path("records/patient/<int:pk>/assign/bodies/", assign.assign_bodies_part, name="assign_bodies"),
    path(f"{_INVOICE}/lines/add/", invoice_lines.line_add, name="line_add"),
    path(f"{_INVOICE}/e-mail/", invoice_acts.invoice_email, name="invoice_email"),
]

# --- Payments, balances, billing, codes, notifications.
_PAYMENT_PAGES: list[URLPattern | URLResolver] = [
    path("records/payment/", payment_list.payment_list, name="records_payment_changelist"),
    path("records/payment/<int:pk>/change/", payment_page.payment_page, name="records_payment_change"),
    path("records/payment/<int:pk>/edit/", payment_acts.payment_edit, name="records_payment_edit"),
    path("records/payment/<int:pk>/delete/", payment_acts.payment_delete, name="records_payment_delete"),
]
_PATIENT, _PAYMENT, _CODES = (
    "records/patient/<int:pk>",
    "records/payment/<int:pk>",
    "records/enterprise/<int:pk>/codes",
)
_PAYING: list[URLPattern | URLResolver] = [
    path(f"{_PATIENT}/payment/", payment_record.payment_add, name="record_payment"),
    path(f"{_PATIENT}/payment/preview/", payment_record.payment_preview, name="payment_preview"),
    path(f"{_PATIENT}/write-off/", write_off_page.write_off_add, name="write_off"),
    path(f"{_PATIENT}/notifications/", notifications.notifications_page, name="notifications"),
    path(f"{_PATIENT}/notifications/read/", notifications.notifications_read, name="notifications_read"),
    path(f"{_PAYMENT}/apply/", apply.payment_apply, name="payment_apply"),
    path(f"{_PAYMENT}/refund/", take_back.payment_refund, name="payment_refund"),
    path(f"{_PAYMENT}/void/", take_back.payment_void, name="payment_void"),
    path("records/invoice_payment/<int:pk>/amount/", apply.application_change, name="application_change"),
    path("records/invoice_payment/<int:pk>/drop/", apply.application_drop, name="application_drop"),
    path("records/payment_adjustment/<int:pk>/drop/", take_back.adjustment_drop, name="adjustment_drop"),
    path("billing/choose/", billing.billing_choose, name="billing_choose"),
    path("billing/<int:pk>/", billing.billing_page, name="billing"),
    path("balances/", balances.balance_list, name="balances"),
    path("balances/compare/", balances.compare_choose, name="compare"),
    path("balances/comparisons/<int:pk>/", balances_job.comparison_page, name="comparison"),
    path("balances/comparisons/<int:pk>/stop/", balances_job.comparison_stop, name="comparison_stop"),
    path(f"{_CODES}/", codes.codes_page, name="codes"),
    path(f"{_CODES}/<slug:noun>/add/", codes.code_add, name="code_add"),
    path(f"{_CODES}/<slug:noun>/push/", codes.codes_push, name="codes_push"),
    path(f"{_CODES}/<slug:noun>/<int:code>/edit/", codes.code_edit, name="code_edit"),
    path(f"{_CODES}/<slug:noun>/<int:code>/delete/", codes.code_delete, name="code_delete"),
]

record_pages_of_money: list[URLPattern | URLResolver] = [
    *[pattern for noun in MONEY for pattern in _noun(noun)],
    *[pattern for noun in record_homes.HOMES for pattern in _at_home(noun)],
    *_INVOICE_PAGES,
    *_PAYMENT_PAGES,
]
urlpatterns: list[URLPattern | URLResolver] = [*_BALANCE, *_PAYING]
