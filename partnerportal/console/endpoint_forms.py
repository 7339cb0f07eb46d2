"""Which events an endpoint is told of: the known ones by noun, others typed in. Imports webhooks."""

from __future__ import annotations

from typing import Any

from django import forms

from partnerportal.webhooks.event_types import ASSUMED, KNOWN, USUAL, by_noun, is_a_type


class EventTypesForm(forms.Form):
    """`types()` after is_valid: what was ticked and what was typed, each once."""

    ticked = forms.MultipleChoiceField(choices=[(one, one) for one in KNOWN], required=False)
    others = forms.CharField(
        label="Other events",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )

    def __init__(self, data: Any, chosen: list[str] | None = None) -> None:
        chosen = list(USUAL) if chosen is None else chosen
        others = [one for one in chosen if one not in KNOWN]
        super().__init__(data, initial={"ticked": chosen, "others": "\n".join(others)})

    def clean_others(self) -> list[str]:
        typed = str(self.cleaned_data["others"]).replace(",", " ").split()
        wrong = next((one for one in typed if not is_a_type(one)), None)
        if wrong is not None:
            raise forms.ValidationError(f"“{wrong}” is no event. One that works: attachment_created.")
        return typed

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not self.types():
            raise forms.ValidationError("Choose at least one event.")
        return data

    def types(self) -> list[str]:
        return sorted({*self.cleaned_data.get("ticked", []), *self.cleaned_data.get("others", [])})

    @classmethod
    def with_all(cls, data: Any) -> EventTypesForm:
        """Every known event ticked, and what was typed besides."""
        typed = str(data.get("others", "")).replace(",", " ").split()
        return cls(None, [*KNOWN, *typed])

    @property
    def groups(self) -> list[tuple[str, list[tuple[str, bool, bool]]]]:
        """[("Patient", [(type, ticked, documented)])] for the page."""
        ticked = set(self["ticked"].value() or [])
        return [
            (noun.replace("_", " ").capitalize(), [(one, one in ticked, one not in ASSUMED) for one in types])
            for noun, types in by_noun().items()
        ]
