"""What is entered to assign a balance: the visit, its lines, what was taken already. Imports records.

The form's token is the invoice's own reference: however often one form is sent, it makes one invoice.
"""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils import timezone

from partnerportal.console import assign_lines, labels
from partnerportal.console.assign_sum import VisitSum, sum_of
from partnerportal.console.forms import DayField
from partnerportal.console.money_field import MoneyField
from partnerportal.records.balances import Account
from partnerportal.records.billing import Taken, Visit
from partnerportal.records.models import Doctor, Patient, Payment, Practice

TAKEN = [("", "Nothing"), *[c for c in Payment.Method.choices if c[0] != Payment.Method.INSURANCE]]
AHEAD = 366  # days


class VisitForm(forms.Form):
    """Date, practice, doctor and the rest of what an invoice says besides its lines."""

    date_of_service = DayField(
        label="Date of service", error_messages={"required": "The date of service is missing."}
    )
    practice = forms.ModelChoiceField(
        Practice.objects.none(), label="Practice", error_messages={"required": "Choose the practice."}
    )
    doctor = forms.ModelChoiceField(Doctor.objects.none(), label="Doctor", required=False)
    estimate = forms.BooleanField(label="Estimate: not owed", required=False)
    notes = forms.CharField(
        label="Notes", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    email = forms.BooleanField(label="E-mail the invoice", required=False)

    def __init__(self, patient: Patient, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        practices: Any = self.fields["practice"]
        practices.queryset = Practice.objects.filter(enterprise_id=patient.enterprise_id).order_by("name")
        practices.label_from_instance = lambda row: labels.choice(row, row.name)
        practices.empty_label = "Choose"
        doctors: Any = self.fields["doctor"]
        doctors.queryset = Doctor.objects.filter(enterprise_id=patient.enterprise_id).order_by(
            "last_name", "first_name"
        )
        doctors.label_from_instance = lambda row: labels.choice(
            row, f"{row.last_name}, {row.first_name}".strip(", ")
        )
        doctors.empty_label = "None named"
        if not patient.email:
            del self.fields["email"]


def first_values(patient: Patient) -> dict[str, Any]:
    """What a new visit begins with: today, and the practice where there is no choice or they have one."""
    some = list(Practice.objects.filter(enterprise_id=patient.enterprise_id).values_list("pk", flat=True)[:2])
    practice = patient.practice_id or (some[0] if len(some) == 1 else None)
    return {"date_of_service": timezone.localdate(), "practice": practice}


class TakenForm(forms.Form):
    """A payment that was taken elsewhere already."""

    method = forms.ChoiceField(label="Taken already", choices=TAKEN, required=False)
    amount = MoneyField(label="Amount", required=False)
    apply = forms.BooleanField(label="Apply to this visit", required=False, initial=True)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        method, amount = data.get("method"), data.get("amount")
        if amount is not None and amount <= 0:
            self.add_error("amount", "What was taken has to be more than $0.00.")
        if method and amount is None and "amount" not in self.errors:
            self.add_error("amount", "The amount that was taken is missing.")
        if amount and not method:
            self.add_error("method", "Say how it was paid.")
        return data


class AssignForm:
    """The three together. `data` is what was posted, None for a fresh page."""

    def __init__(self, patient: Patient, data: Any = None) -> None:
        self.patient = patient
        self.token = _token(data.get("token", "") if data else "")
        self.visit = VisitForm(patient, data, initial=first_values(patient))
        self.taken = TakenForm(data, prefix="taken")
        self.lines = assign_lines.rows_of(data) if data is not None else [assign_lines.fresh()]

    @property
    def no_line(self) -> bool:
        return not self.lines

    def is_valid(self) -> bool:
        """Each part is asked, so that all that is wrong is said at once."""
        parts = [self.visit.is_valid(), self.taken.is_valid(), *(line.is_valid() for line in self.lines)]
        if all(parts[:2]) and self._applies_to_an_estimate():
            self.taken.add_error(
                "apply", "An estimate is not owed: what was taken can't be applied to it. It stays a credit."
            )
            return False
        return all(parts) and not self.no_line

    def _applies_to_an_estimate(self) -> bool:
        said = self.taken.cleaned_data
        return bool(self.visit.cleaned_data["estimate"] and said["amount"] and said["apply"])

    def sum(self, account: Account) -> VisitSum:
        """What it comes to as far as it can be read."""
        for part in (self.visit, self.taken, *self.lines):
            part.is_valid()
        taken = self.taken.cleaned_data if self.taken.is_bound else {}
        lines = [row.line for row in self.lines if row.is_bound]
        return sum_of(
            account,
            lines,
            taken=max(0, taken.get("amount") or 0),
            apply=bool(taken.get("apply", True)),
            estimate=bool(self.visit.is_bound and self.visit.cleaned_data.get("estimate")),
        )

    def entered(self) -> Visit:
        """What was entered, as the service takes it; after is_valid."""
        said, taken = self.visit.cleaned_data, self.taken.cleaned_data
        paid = [Taken(taken["amount"], taken["method"], apply=taken["apply"])] if taken["amount"] else []
        return Visit(
            practice=said["practice"],
            date_of_service=said["date_of_service"],
            lines=[line.charge for line in self.lines],
            doctor=said["doctor"],
            estimate=said["estimate"],
            notes=said["notes"].strip(),
            email_to=self.patient.email if said.get("email") else "",
            taken=paid,
            reference=self.token,
        )

    @property
    def wrong(self) -> list[tuple[str, str, str]]:
        """(id of the field, its label, what is wrong) of all that is, for the summary."""
        found = [("lines", "Lines", "A balance needs at least one line.")] if self.no_line else []
        forms_in_order: list[forms.Form] = [self.visit, *self.lines, self.taken]
        for form in forms_in_order:
            for name, errors in form.errors.items():
                label = str(form.fields[name].label) if name in form.fields else ""
                found.append((form[name].id_for_label if label else "lines", label, str(errors[0])))
        return found


def _token(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.uuid4()
