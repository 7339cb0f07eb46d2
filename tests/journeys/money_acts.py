"""What a process of a journey does with money: enter it, ask for it, look whether both sides agree."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from django.conf import settings

from partnerportal.audit.context import Context
from partnerportal.delivery.deleting import delete_invoice, delete_line
from partnerportal.delivery.services import request_push
from partnerportal.records.billing import Charge, Taken, Visit, add_line, assign_balance, change_line
from partnerportal.records.models import Invoice, Patient, Payment, WriteOffCode
from partnerportal.records.paying import apply_to, change_applied, take_back, take_payment, write_off

CONTEXT = Context(actor="user:ola", origin="console")
DAY = date(2026, 11, 2)
VISIT = (Charge("Office visit", 10_000, covered=1_000), Charge("Test strip", 250, quantity=2, tax=30))


def _visit(patient: Patient) -> list[Any]:
    practice = patient.enterprise.practices.order_by("pk")[0]
    return [assign_balance(patient, Visit(practice, DAY, VISIT))]


def _line(patient: Patient) -> list[Any]:
    return [add_line(patient.invoices.get(), Charge("X-ray", 7_500))]


def _change_line(patient: Patient) -> list[Any]:
    line = patient.invoices.get().lines.order_by("pk")[0]
    return [change_line(line, Charge("Office visit", 9_000, covered=500))]


def _payment(patient: Patient) -> list[Any]:
    return [take_payment(patient, Taken(4_000, "cash"))]


def _equal_payments(patient: Patient) -> list[Any]:
    return [take_payment(patient, Taken(4_000, "cash")) for _ in range(2)]


def _applied(patient: Patient) -> list[Any]:
    return [apply_to(patient.payments.order_by("pk")[0], patient.invoices.get(), 3_000)]


def _unapplied(patient: Patient) -> list[Any]:
    return [change_applied(patient.payments.order_by("pk")[0].applications.get(), 500)]


def _refund(patient: Patient) -> list[Any]:
    return [take_back(patient.payments.order_by("pk")[0], 1_000, void=False)]


def _void(patient: Patient) -> list[Any]:
    return [take_back(patient.payments.order_by("pk")[0], 4_000, void=True)]


def _write_off(patient: Patient) -> list[Any]:
    code, _ = WriteOffCode.objects.get_or_create(
        enterprise=patient.enterprise, code="044", defaults={"description": "Forgiven"}
    )
    return [write_off(patient, code, 700, DAY)]


def _no_line(patient: Patient) -> list[Any]:
    delete_line(CONTEXT, patient.invoices.get().lines.order_by("pk")[0])
    return []


def _no_invoice(patient: Patient) -> list[Any]:
    delete_invoice(CONTEXT, patient.invoices.get())
    return []


MONEY: dict[str, Callable[[Patient], list[Any]]] = {
    "visit": _visit,
    "line": _line,
    "change line": _change_line,
    "payment": _payment,
    "equal payments": _equal_payments,
    "applied": _applied,
    "unapplied": _unapplied,
    "refund": _refund,
    "void": _void,
    "write-off": _write_off,
    "no line": _no_line,
    "no invoice": _no_invoice,
}


def money(name: str, what: str) -> None:
    """The same act for each patient of an enterprise, and ask for it to be sent."""
    for patient in Patient.objects.filter(enterprise__name=name).order_by("pk"):
        for row in MONEY[what](patient):
            request_push(CONTEXT, row)


def enter_money(name: str) -> None:
    """A visit and a payment applied to it for each patient of an enterprise, nothing asked for yet."""
    for patient in Patient.objects.filter(enterprise__name=name).order_by("pk"):
        for act in ("visit", "payment", "applied"):
            MONEY[act](patient)


def ask_for_money(name: str) -> None:
    for model in (Invoice, Payment):
        for row in model.objects.filter(enterprise__name=name, remote_id=None).order_by("pk"):
            request_push(CONTEXT, row, lane="bulk")


def disagreements(name: str = "") -> list[str]:
    """Patients of whom both sides do not say, and know of each other, that they owe the same.

    `name`: of one enterprise only.
    """
    patients = Patient.objects.filter(enterprise__name__startswith=name)
    return list(_disagreements(settings.INBOX_HEALTH_BASE_URL.replace("/partner/v2", "/_sandbox"), patients))


def _disagreements(control: str, patients: Iterable[Patient]) -> Iterator[str]:
    with urllib.request.urlopen(f"{control}/records/patients", timeout=20) as answer:
        there = {row["id"]: row.get("balance_cents") for row in json.loads(answer.read())["records"]}
    for patient in patients:
        said = (patient.balance_cents, patient.balance_there_cents, there.get(patient.remote_id))
        if len(set(said)) != 1:
            yield f"{patient.short_id} owes {said[0]} here, was read as {said[1]}, owes {said[2]} there"


ACTS: tuple[Callable[..., Any], ...] = (money, enter_money, ask_for_money, disagreements)
