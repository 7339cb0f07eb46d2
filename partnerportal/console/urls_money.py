"""The addresses of the pages about money. Each has its rule in access.py.

`record_pages_of_money` are named like the other records' pages, under the namespace `admin`, `urlpatterns`
without one. Each has a block for the patient and the invoice, and one for payments, balances, billing, codes.
"""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from partnerportal.console import balance_tab, meanwhile, record_acts, record_homes, record_pages
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
        for part in ("change", "edit")
    ]


# --- The patient's balance and the invoice.
_INVOICE_PAGES: list[URLPattern | URLResolver] = []
_BALANCE: list[URLPattern | URLResolver] = [
    path("records/patient/<int:pk>/balance/", balance_tab.balance_page, name="balance"),
]

# --- Payments, balances, billing, codes, notifications.
_PAYMENT_PAGES: list[URLPattern | URLResolver] = []
_PAYING: list[URLPattern | URLResolver] = []

record_pages_of_money: list[URLPattern | URLResolver] = [
    *[pattern for noun in MONEY for pattern in _noun(noun)],
    *[pattern for noun in record_homes.HOMES for pattern in _at_home(noun)],
    *_INVOICE_PAGES,
    *_PAYMENT_PAGES,
]
urlpatterns: list[URLPattern | URLResolver] = [*_BALANCE, *_PAYING]
