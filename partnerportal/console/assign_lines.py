"""The grid of lines of a visit: a form a row, their inputs by the same names, read back in their order.

A row that says nothing is no line. Imports records' billing and the money field.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from partnerportal.console.money_field import MoneyField
from partnerportal.kernel.money import dollars
from partnerportal.records.balances import Line
from partnerportal.records.billing import Charge
from partnerportal.records.models import LineItem
from partnerportal.records.money_rules import MOST_CENTS

COLUMNS = ("code", "description", "each", "quantity", "covered", "insurance", "tax")
MOST_ROWS = 200
AMOUNTS = ("each", "covered", "insurance", "tax")


class LineForm(forms.Form):
    """One line. Amounts are cleaned to cents; an empty one is 0, an empty quantity 1."""

    code = forms.CharField(label="Code", max_length=60, required=False)
    description = forms.CharField(
        label="Description", max_length=255, error_messages={"required": "The description is missing."}
    )
    each = MoneyField(label="Charge each", error_messages={"required": "The charge is missing."})
    quantity = forms.CharField(label="Qty", max_length=6, required=False)
    covered = MoneyField(label="Covered", required=False)
    insurance = MoneyField(label="Insurance still owes", required=False)
    tax = MoneyField(label="Tax", required=False)

    def __init__(self, data: Any = None, *, number: int = 0, **kwargs: Any) -> None:
        super().__init__(data, auto_id=f"line-{number}-%s", **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.update(autocomplete="off", spellcheck="false")
            field.widget.attrs["data-part"] = name
        self.fields["quantity"].widget.attrs.update(inputmode="numeric")

    def add_prefix(self, field_name: str) -> str:
        return f"line-{field_name}"

    def clean_quantity(self) -> int:
        text = self.cleaned_data["quantity"].strip() or "1"
        if not (text.isascii() and text.isdigit() and int(text)):
            raise ValidationError(f"“{text}” is no quantity: 1 or more.")
        return int(text)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in AMOUNTS:
            cents = data.get(name)
            if cents is not None and not 0 <= cents <= MOST_CENTS:
                wrong = "less than $0.00" if cents < 0 else "more than any bill"
                self.add_error(name, f"{dollars(cents)} is {wrong}.")
        return data

    @property
    def amounts(self) -> dict[str, int]:
        """The cents of each amount that can be read; what can't counts for nothing in the running total."""
        known = self.cleaned_data if self.is_bound and hasattr(self, "cleaned_data") else {}
        return {name: int(known.get(name) or 0) for name in AMOUNTS}

    @property
    def line(self) -> Line:
        cents, quantity = self.amounts, self.cleaned_data.get("quantity") or 1
        return Line(cents["each"], quantity, cents["tax"], cents["covered"], cents["insurance"])

    @property
    def charge(self) -> Charge:
        """What was entered, as the service takes it; after is_valid."""
        said, cents = self.cleaned_data, self.amounts
        return Charge(
            said["description"].strip(),
            cents["each"],
            said["quantity"],
            cents["covered"],
            cents["insurance"],
            cents["tax"],
            said["code"].strip(),
        )


def fresh(number: int = 0) -> LineForm:
    return LineForm(number=number, initial={"quantity": 1})


def of_record(line: LineItem, data: Any = None) -> LineForm:
    """The form of a line that is there."""
    initial = {
        "code": line.service_code,
        "description": line.description,
        "each": line.total_charge_amount_cents,
        "quantity": line.quantity,
        "covered": line.covered_amount_cents,
        "insurance": line.insurance_owed_amount_cents,
        "tax": line.tax_amount_cents,
    }
    return LineForm(data, initial=initial)


def rows_of(data: QueryDict) -> list[LineForm]:
    """The rows that came back, those that say nothing left out; at least one, so that there is a grid."""
    lists = {name: data.getlist(f"line-{name}")[:MOST_ROWS] for name in COLUMNS}
    number = max(len(values) for values in lists.values())
    rows = [
        {f"line-{name}": values[i] if i < len(values) else "" for name, values in lists.items()}
        for i in range(number)
    ]
    said = [row for row in rows if _says_something(row)]
    return [LineForm(row, number=i) for i, row in enumerate(said)]


def _says_something(row: dict[str, str]) -> bool:
    return any(value.strip() for name, value in row.items() if name != "line-quantity")
