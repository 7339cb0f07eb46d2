"""The forms of the four nouns: they refuse only what can't be stored; what can't be sent is saved, and said.

Which fields a person changed is told by `was-…`, hidden beside each field: what it showed at first.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from partnerportal.console import formats, labels, sections
from partnerportal.console.dates import EXAMPLES, parse_day
from partnerportal.console.normal import normal
from partnerportal.records.models import AccountType, Doctor, Enterprise, Patient, Practice
from partnerportal.records.rules import NAME_LIMIT

NAMES = ("name", "first_name", "middle_name", "last_name")
TAKEN = "Another record of this enterprise has this one already."


class DayField(forms.CharField):
    """A date in any of the usual forms, shown back as 10/26/1979."""

    def to_python(self, value: Any) -> Any:
        text = str(super().to_python(value) or "").strip()
        found = parse_day(text) if text else None
        if text and found is None:
            raise ValidationError(f"“{text}” is no date. Ones that work: {EXAMPLES}.")
        return found

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%m/%d/%Y}" if isinstance(value, date) else value


class PhoneField(forms.CharField):
    def prepare_value(self, value: Any) -> Any:
        return formats.phone(value) if isinstance(value, str) else value


def _flag(label: str) -> forms.TypedChoiceField:
    choices = [("", "Not said"), ("True", "Yes"), ("False", "No")]
    return forms.TypedChoiceField(
        label=label,
        choices=choices,
        required=False,
        empty_value=None,
        coerce=lambda v: v == "True",
    )


class RecordForm(forms.ModelForm):  # type: ignore[type-arg]
    """Fields by section. `was` holds what each field showed when the page was made."""

    noun: ClassVar[str]
    unique: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.required = False
            field.help_text = labels.HINTS.get(name, "")
            field.widget.attrs.update(autocomplete="off", spellcheck="false")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        state = str(data.get("state", getattr(self.instance, "state", "")))
        kept = {name: normal(name, value, state) for name, value in data.items()}
        for name in NAMES:
            self._hold_to_limit(name, kept.get(name))
        return kept

    def _hold_to_limit(self, name: str, value: Any) -> None:
        """A longer name than ours that came from there may stay while other fields are edited."""
        if isinstance(value, str) and len(value) > NAME_LIMIT and value != self.was(name):
            told = f"This is {len(value)} characters long. A name has at most {NAME_LIMIT} here: shorten it."
            self.add_error(name, told)

    def changed_fields(self) -> list[str]:
        """Fields whose value is not what the page showed: what the person changed."""
        return [n for n, value in self.cleaned_data.items() if self._was_touched(n) and value != self.was(n)]

    def _was_touched(self, name: str) -> bool:
        """A field that the browser left out altogether was not emptied; an unticked box sends what it was.

        One that comes back as it was shown was left alone, whatever cleaning makes of it.
        """
        now, was = (self.data.get(self.add_prefix(sent)) for sent in (name, f"was-{name}"))
        return (now, was) != (None, None) and now != was

    def was(self, name: str) -> Any:
        """The value a field showed when the page was made, in the form we keep."""
        raw = self.data.get(self.add_prefix(f"was-{name}"))
        if raw is None:
            return normal(name, self.initial.get(name))
        try:
            return normal(name, self.fields[name].clean(raw))
        except ValidationError:
            return raw

    def snapshot(self) -> Iterator[tuple[str, str]]:
        """The hidden `was-…` inputs: name and text."""
        for name, field in self.fields.items():
            shown = field.prepare_value(self.initial.get(name, field.initial))
            yield self.add_prefix(f"was-{name}"), "" if shown is None else str(shown)

    def _get_validation_exclusions(self) -> set[str]:
        """The database's own words for a taken key are not ours: see validate_unique."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded | set(self.unique)

    def validate_unique(self) -> None:
        """A key of the partner's own that another record has: said at its field."""
        for name in self.unique:
            value = self.cleaned_data.get(name)
            others = type(self.instance).objects.exclude(pk=self.instance.pk).filter(**{name: value})
            if value and self._in_same_place(others).exists():
                self.add_error(name, TAKEN)

    def _in_same_place(self, others: Any) -> Any:
        return others.filter(enterprise_id=self.instance.enterprise_id)


class EnterpriseForm(RecordForm):
    noun, unique = "enterprise", ("source_id",)
    support_phone_number = PhoneField(label="Support phone")
    time_zone = forms.ChoiceField(label="Time zone")
    color_statements = _flag("Color statements")
    first_class = _flag("First class mail")
    return_envelope = _flag("Return envelope")
    perforation = _flag("Perforation")

    class Meta:
        model = Enterprise
        fields = sections.fields_of("enterprise")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "time_zone", {name: name for name in labels.TIME_ZONES})

    def _in_same_place(self, others: Any) -> Any:
        return others


class PracticeForm(RecordForm):
    noun = "practice"
    time_zone = forms.ChoiceField(label="Time zone")

    class Meta:
        model = Practice
        fields = sections.fields_of("practice")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "time_zone", {name: name for name in labels.TIME_ZONES})


class DoctorForm(RecordForm):
    noun, unique = "doctor", ("source_id",)
    phone = PhoneField(label="Phone")

    class Meta:
        model = Doctor
        fields = sections.fields_of("doctor")


class PatientForm(RecordForm):
    """The SSN is typed anew or left alone; it is never put into the page."""

    noun, unique = "patient", ("health_record_id",)
    date_of_birth = DayField(label="Date of birth")
    sex = forms.ChoiceField(label="Sex")
    cell_phone = PhoneField(label="Cell phone")
    home_phone = PhoneField(label="Home phone")
    work_phone = PhoneField(label="Work phone")
    billing_status = forms.ChoiceField(label="Billing status", initial="complete")
    sms_opt_out = _flag("No text messages")
    phone_opt_out = _flag("No phone calls")
    ssn = forms.CharField(label="SSN", max_length=11)

    class Meta:
        model = Patient
        fields = tuple(name for name in sections.fields_of("patient") if name != "ssn")  # declared above

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        practices: Any = self.fields["practice"]
        practices.queryset = Practice.objects.filter(enterprise_id=self.instance.enterprise_id).order_by(
            "name"
        )
        practices.label_from_instance = lambda row: labels.choice(row, row.name)
        practices.empty_label = "None named"
        types: Any = self.fields["account_type"]
        types.queryset = AccountType.objects.filter(enterprise_id=self.instance.enterprise_id).order_by(
            "name"
        )
        types.label_from_instance = lambda row: row.name
        types.empty_label = "None"
        offer(self, "sex", labels.SEX)
        offer(self, "billing_status", {s: labels.billing(s) for s in labels.SETTABLE_BILLING}, blank=False)
        self.initial["ssn"] = ""
        if not self.instance.enterprise.allow_ssn:
            del self.fields["ssn"]


def offer(form: RecordForm, name: str, choices: dict[str, str], *, blank: bool = True) -> None:
    """Choices for a field; a value that is there already stays one of them, whatever it is."""
    field: Any = form.fields[name]
    now = form.initial.get(name)
    known = {**choices, **({now: labels.billing(now)} if now and now not in choices else {})}
    field.choices = [*([("", "Not said")] if blank else []), *known.items()]


FORMS: dict[str, type[RecordForm]] = {
    form.noun: form for form in (EnterpriseForm, PracticeForm, DoctorForm, PatientForm)
}
