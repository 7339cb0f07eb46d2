"""The practices that are added together with a new enterprise: rows below its form. Imports saving."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest

from partnerportal.audit.context import Context
from partnerportal.console import saving
from partnerportal.console.forms import PracticeForm
from partnerportal.records.models import Practice

PREFIX = "practices"
FIELDS = ("name", "address_line_1", "city", "state", "zip")


class PracticeRow(PracticeForm):
    """The short form: an empty one is no practice."""

    time_zone = None  # type: ignore[assignment]

    class Meta:
        model = Practice
        fields = FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        forms.ModelForm.__init__(self, *args, **kwargs)
        for field in self.fields.values():
            field.required = False
            field.widget.attrs.update(autocomplete="off", spellcheck="false")


Rows = forms.formset_factory(PracticeRow, extra=1, max_num=50, validate_max=True)


def rows(request: HttpRequest) -> Any:
    return Rows(request.POST or None, prefix=PREFIX)


def add_all(practices: Any, enterprise: Any, context: Context) -> None:
    """Insert the rows that say something."""
    for form in practices:
        if any(form.cleaned_data.values()):
            form.instance.enterprise = enterprise
            saving.add(form, context)
