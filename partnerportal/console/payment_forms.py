"""The forms of the payment pages. They refuse what can't be read; the rules of money are the services'.

Imports records' models and the form fields.
"""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils import timezone

from partnerportal.console import formats
from partnerportal.console.forms import DayField
from partnerportal.console.money_field import MoneyField
from partnerportal.kernel.money import dollars
from partnerportal.records.ledger import account
from partnerportal.records.models import Invoice, Patient, Payment, PaymentReason, WriteOffCode
from partnerportal.records.paying import Taken
from partnerportal.records.recording import NONE, OLDEST, ONE, Receipt

HOW = [(OLDEST, "Oldest first"), (ONE, "To one invoice"), (NONE, "Not yet: it stays unapplied")]
ONCE = "form"


class InvoiceChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Invoices by their day, with what is open on each."""

    open_cents: dict[int, int]

    def label_from_instance(self, obj: Any) -> str:
        left = dollars(self.open_cents.get(obj.pk))
        return f"{obj.short_id} · {formats.day(obj.date_of_service)} · {left} open"


def open_invoices(field: Any, patient: Patient) -> None:
    """Offer a patient's invoices to an InvoiceChoice, oldest first."""
    field.open_cents = {bill.key: bill.balance for bill in account(patient).bills}
    rows = Invoice.objects.filter(patient=patient, deleted=False, estimate=False)
    field.queryset = rows.light().order_by("date_of_service", "pk")
    field.empty_label = "Choose an invoice" if field.queryset.exists() else "No invoice"


def only_open(field: Any) -> int | None:
    """The one invoice on which something is open; None where there are none or several."""
    left = [pk for pk in field.queryset.values_list("pk", flat=True) if field.open_cents.get(pk, 0) > 0]
    return left[0] if len(left) == 1 else None


def _invoice_field(label: str = "Invoice") -> InvoiceChoice:
    return InvoiceChoice(label=label, queryset=Invoice.objects.none(), required=False)


def new_key() -> str:
    """What makes one form one payment, however often it is sent."""
    return f"{ONCE}:{uuid.uuid4()}"


class PaymentForm(forms.Form):
    """A payment taken elsewhere. `receipt()` after is_valid."""

    key = forms.RegexField(regex=rf"^{ONCE}:[0-9a-f-]{{36}}$", widget=forms.HiddenInput)
    method = forms.ChoiceField(label="Paid by", choices=Payment.Method.choices)
    amount = MoneyField(label="Amount", error_messages={"required": "The amount is missing."})
    paid_on = DayField(label="Paid on", required=False)
    description = forms.CharField(label="Description", max_length=255, required=False)
    how = forms.ChoiceField(label="Apply", choices=HOW, widget=forms.RadioSelect)
    invoice = _invoice_field()
    cents = MoneyField(label="Amount of it", required=False)
    reason = forms.ModelChoiceField(label="Reason", queryset=PaymentReason.objects.none(), required=False)
    settles = forms.BooleanField(label="Insurance owes nothing more on this invoice", required=False)

    def __init__(self, patient: Patient, *args: Any, **kwargs: Any) -> None:
        first = {"key": new_key(), "how": OLDEST, "paid_on": timezone.localdate(), "method": "check"}
        kwargs["initial"] = {**first, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        open_invoices(self.fields["invoice"], patient)
        self.initial.setdefault("invoice", only_open(self.fields["invoice"]))
        reasons: Any = self.fields["reason"]
        reasons.queryset = PaymentReason.objects.filter(enterprise=patient.enterprise_id).order_by("code")
        reasons.label_from_instance = code_label
        reasons.empty_label = "None"

    def clean_paid_on(self) -> Any:
        day = self.cleaned_data["paid_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError("A payment taken already can’t be of a day to come.")
        return day

    def receipt(self) -> Receipt:
        """What was entered, as the service takes it. No part said: what the invoice takes."""
        data = self.cleaned_data
        taken = Taken(data["amount"], data["method"], data["description"])
        insurance = data["method"] == Payment.Method.INSURANCE
        return Receipt(
            taken,
            how=data["how"],
            invoice=data["invoice"] if data["how"] == ONE else None,
            cents=self._of_it(),
            reason=data["reason"] if insurance else None,
            settles=bool(insurance and data["settles"]),
            paid_on=data["paid_on"],
            key=data["key"],
        )

    def _of_it(self) -> int:
        said, invoice = self.cleaned_data["cents"], self.cleaned_data["invoice"]
        if said is not None:
            return int(said)
        field: Any = self.fields["invoice"]
        most = max(0, field.open_cents.get(invoice.pk, 0)) if invoice else 0
        return min(int(self.cleaned_data["amount"]), most)


class ApplyForm(forms.Form):
    """What is left of a payment, to one invoice or oldest first."""

    how = forms.ChoiceField(label="Apply", choices=HOW[:2], widget=forms.RadioSelect, initial=OLDEST)
    invoice = _invoice_field()
    cents = MoneyField(label="Amount", required=False)
    reason = forms.ModelChoiceField(label="Reason", queryset=PaymentReason.objects.none(), required=False)
    known = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, payment: Payment, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"known": payment.applications.count(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        open_invoices(self.fields["invoice"], payment.patient)
        self.initial.setdefault("invoice", only_open(self.fields["invoice"]))
        reasons: Any = self.fields["reason"]
        reasons.queryset = PaymentReason.objects.filter(enterprise=payment.enterprise_id).order_by("code")
        reasons.label_from_instance = code_label
        if payment.method != Payment.Method.INSURANCE:
            del self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("how") == ONE and not self.errors.get("invoice") and not data.get("invoice"):
            self.add_error("invoice", "Choose the invoice it is applied to.")
        return data


class AmountForm(forms.Form):
    """One amount: a refund, or what of a payment is applied."""

    amount = MoneyField(label="Amount", error_messages={"required": "The amount is missing."})
    known = forms.IntegerField(widget=forms.HiddenInput, required=False)


class WordsForm(forms.Form):
    """What may still be changed of a payment: contract 4, "update takes description" [D]."""

    description = forms.CharField(label="Description", max_length=255, required=False)
    paid_on = DayField(label="Paid on", required=False)


class WriteOffForm(forms.Form):
    """An amount that a patient need not pay."""

    code = forms.ModelChoiceField(
        label="Code",
        queryset=WriteOffCode.objects.none(),
        error_messages={"required": "Choose a code: it says why."},
    )
    amount = MoneyField(label="Amount", error_messages={"required": "The amount is missing."})
    day = DayField(label="Date", error_messages={"required": "The date is missing."})
    known = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, patient: Patient, *args: Any, **kwargs: Any) -> None:
        first = {"day": timezone.localdate(), "known": patient.write_offs.count()}
        kwargs["initial"] = {**first, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        codes: Any = self.fields["code"]
        codes.queryset = WriteOffCode.objects.filter(enterprise=patient.enterprise_id).order_by("code")
        codes.label_from_instance = code_label
        codes.empty_label = "Choose a code" if codes.queryset.exists() else "No code yet"


def code_label(row: Any) -> str:
    """ "044 · Debt forgiveness"."""
    return f"{row.code} · {row.description}" if row.description else str(row.code)
