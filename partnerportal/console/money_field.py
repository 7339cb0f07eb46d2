"""A form field for dollars, in whole cents: takes 1234.5 and $1,234.50. Imports the kernel's money."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from partnerportal.kernel.money import NotMoney, cents_of, plain


class MoneyField(forms.CharField):
    """Cleans to integer cents, or None where it was left empty and may be."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off", "class": "money", "maxlength": "30"}
        super().__init__(**{"widget": forms.TextInput(attrs=attrs), **kwargs})

    def to_python(self, value: Any) -> Any:
        text = str(super().to_python(value) or "").strip()
        if not text:
            return None
        try:
            return cents_of(text)
        except NotMoney:
            raise ValidationError(f"“{text}” is no amount. Ones that work: 60, 60.50, $1,234.50.") from None

    def prepare_value(self, value: Any) -> Any:
        return plain(value) if isinstance(value, int) else value
