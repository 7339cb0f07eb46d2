"""The forms of an enterprise's codes: a code is said once an enterprise. Imports records' models."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from partnerportal.records.models import AccountType, Enterprise, PaymentReason, WriteOffCode


class CodeForm(forms.ModelForm):  # type: ignore[type-arg]
    """`once`: the field that no two of an enterprise share."""

    noun: ClassVar[str]
    once: ClassVar[str] = "code"

    def __init__(self, enterprise: Enterprise, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.enterprise = enterprise
        for field in self.fields.values():
            field.widget.attrs.update(autocomplete="off", spellcheck="false")
        self.fields[self.once].error_messages["required"] = f"{self.fields[self.once].label} is missing."

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        value = data.get(self.once)
        same = type(self.instance).objects.filter(enterprise=self.instance.enterprise, **{self.once: value})
        if value and same.exclude(pk=self.instance.pk).exists():
            self.add_error(self.once, f"This enterprise has “{value}” already.")
        return data

    def validate_unique(self) -> None:
        """Asked above, in the user's words."""

    def validate_constraints(self) -> None:
        """The same."""


class PaymentReasonForm(CodeForm):
    noun = "payment_reason"

    class Meta:
        model = PaymentReason
        fields = ("code", "description")


class WriteOffCodeForm(CodeForm):
    noun = "write_off_code"

    class Meta:
        model = WriteOffCode
        fields = ("code", "description")


class AccountTypeForm(CodeForm):
    noun, once = "account_type", "name"

    class Meta:
        model = AccountType
        fields = ("name",)


FORMS: dict[str, type[CodeForm]] = {
    form.noun: form for form in (PaymentReasonForm, WriteOffCodeForm, AccountTypeForm)
}
