"""The forms of the staff pages. Imports accounts and records (the enterprises a scope may name)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator

from partnerportal.accounts.models import Staff
from partnerportal.accounts.roles import ADMINISTRATOR, AUDITOR, OPERATOR
from partnerportal.records.models import Enterprise

ROLE_WORDS = (
    (OPERATOR, "Operator", "onboards enterprises, edits and pushes records, decides what is undecided"),
    (AUDITOR, "Auditor", "reads everything, the audit included, and changes nothing"),
    (ADMINISTRATOR, "Administrator", "staff, roles, keys and schedule; does not push"),
)
_TICKS = forms.CheckboxSelectMultiple
_NEW = {"autocomplete": "new-password"}


class EnterpriseTicks(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name or 'Without a name'} · {obj.short_id}"


class RolesForm(forms.Form):
    roles = forms.MultipleChoiceField(
        label="Role", required=False, choices=[(role, title) for role, title, _ in ROLE_WORDS], widget=_TICKS
    )


class ScopeForm(forms.Form):
    """`everything`, or the ticked enterprises. Offers what the giver may see; nobody gives more than that."""

    everything = forms.BooleanField(label="All enterprises, also later ones", required=False)
    enterprises = EnterpriseTicks(Enterprise.objects.none(), required=False, widget=_TICKS)

    def __init__(self, giver: Staff, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = Enterprise.objects.visible_to(giver).light().order_by("name", "pk")
        self.fields["enterprises"].queryset = offered  # type: ignore[attr-defined]
        if not giver.all_enterprises:
            self.fields["everything"].disabled = True

    def chosen(self) -> list[int]:
        return [row.pk for row in self.cleaned_data["enterprises"]]


class InviteForm(RolesForm, ScopeForm):
    name = forms.CharField(label="Name", max_length=120)
    username = forms.CharField(
        label="Signs in as",
        max_length=60,
        validators=[UnicodeUsernameValidator()],
        widget=forms.TextInput(
            attrs={"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    email = forms.EmailField(label="E-mail", max_length=200)


class NewPasswordForm(forms.Form):
    """For the one-time link."""

    password1 = forms.CharField(
        label="Password",
        strip=False,
        widget=forms.PasswordInput(attrs=_NEW | {"autofocus": True}),
    )
    password2 = forms.CharField(label="Once more", strip=False, widget=forms.PasswordInput(attrs=_NEW))

    def __init__(self, staff: Staff, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.staff = staff

    def clean_password1(self) -> str:
        password = str(self.cleaned_data["password1"])
        validate_password(password, self.staff)
        return password

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "password1" in cleaned and cleaned["password1"] != cleaned.get("password2"):
            self.add_error("password2", "This is not the same as above.")
        return cleaned
