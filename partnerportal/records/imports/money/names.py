"""Doctors, practices and ways to pay by the names that an enterprise's files have for them.

Found by id, NPI, code or name; what is found by none of them is said once by a person, and remembered.
Imports models.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from partnerportal.records.models import Doctor, Enterprise, Patient, Payment, Practice, RememberedNames

DOCTOR, PRACTICE, METHOD = RememberedNames.Noun.values
NOBODY = "-"  # said of a doctor: the visit names none
_TITLES = {"dr", "md", "do", "np", "pa", "phd", "dds", "dmd", "rn", "dc", "od", "mr", "ms", "mrs", "pac"}
_METHODS = {
    Payment.Method.CASH: {"cash", "copay", "coins", "cashpayment"},
    Payment.Method.CHECK: {
        "check", "cheque", "chk", "ck", "echeck", "moneyorder", "personalcheck", "patientcheck",
        "checkpayment",
    },
    Payment.Method.EXTERNAL_CARD: {
        "card", "creditcard", "debitcard", "cc", "credit", "debit", "visa", "mastercard", "mc", "amex",
        "americanexpress", "discover", "externalcard", "hsa", "fsa", "cardtakenelsewhere",
    },
    Payment.Method.INSURANCE: {
        "insurance", "ins", "era", "eob", "eft", "payer", "primary", "secondary", "insurancepayment",
        "insurancecheck", "medicare", "medicaid", "primaryinsurance", "secondaryinsurance", "thirdparty",
        "835",
    },
}  # fmt: skip


class Unplaced(Exception):
    """A name that nobody has placed yet. `noun`: doctor, practice or method."""

    def __init__(self, noun: str) -> None:
        super().__init__(noun)
        self.noun = noun


def folded(text: str) -> str:
    """A name as it is remembered: without case and surplus space. "" where the file says none."""
    return " ".join(text.casefold().split())


class Names:
    """One enterprise's names. `unplaced`: {noun: {name: rows}}; `placed`: those that a person placed."""

    def __init__(self, enterprise: Enterprise) -> None:
        rows = RememberedNames.objects.filter(enterprise=enterprise)
        self._said: dict[str, dict[str, str]] = {row.noun: row.names for row in rows}
        doctors = Doctor.objects.filter(enterprise=enterprise).light().select_related("enterprise")
        places = Practice.objects.filter(enterprise=enterprise).light().select_related("enterprise")
        self._known: dict[str, dict[int, Any]] = {
            DOCTOR: {row.pk: row for row in doctors},
            PRACTICE: {row.pk: row for row in places},
        }
        self._words = {
            DOCTOR: _index((row, _of_doctor(row)) for row in self._known[DOCTOR].values()),
            PRACTICE: _index((row, _of_practice(row, enterprise)) for row in self._known[PRACTICE].values()),
        }
        self.unplaced: dict[str, Counter[str]] = {DOCTOR: Counter(), PRACTICE: Counter(), METHOD: Counter()}
        self.placed: dict[str, dict[str, str]] = {DOCTOR: {}, PRACTICE: {}, METHOD: {}}

    @property
    def has_practices(self) -> bool:
        return bool(self._known[PRACTICE])

    def doctor(self, text: str) -> Doctor | None:
        """None where the file names none, or a person said so. Raises Unplaced."""
        if not text:
            return None
        doctor: Doctor | None = self._find(DOCTOR, text)
        return doctor

    def practice(self, text: str, patient: Patient) -> Practice:
        """The one named; else the patient's, else the only one there is. Raises Unplaced."""
        if not text and patient.practice_id in self._known[PRACTICE]:
            own: Practice = self._known[PRACTICE][patient.practice_id]
            return own
        only = list(self._known[PRACTICE].values()) if not text else []
        found: Practice = only[0] if len(only) == 1 else self._find(PRACTICE, text)
        return found

    def practice_named(self, text: str) -> Practice:
        """Raises Unplaced."""
        found: Practice = self._find(PRACTICE, text)
        return found

    def practices(self) -> list[str]:
        """What names each practice of the enterprise: its name, its id where it has none of its own."""
        known = sorted(self._known[PRACTICE].values(), key=lambda row: (row.name, row.pk))
        names = Counter(_words(row.name) for row in known)
        return [row.name if names[_words(row.name)] == 1 and row.name else row.short_id for row in known]

    def practices_like(self, text: str) -> list[str]:
        """The ids of those that have this name."""
        rows = sorted(self._known[PRACTICE].values(), key=lambda row: row.pk)
        return [row.short_id for row in rows if _words(row.name) == _words(text)]

    def method(self, text: str) -> str:
        """A Payment.Method. Raises Unplaced."""
        said = self._said.get(METHOD, {}).get(folded(text))
        if said in Payment.Method.values:
            self.placed[METHOD][text] = said
            return said
        word = re.sub(r"[^a-z0-9]", "", text.casefold())
        for method, words in _METHODS.items():
            if word and word in words:
                return str(method)
        self.unplaced[METHOD][text] += 1
        raise Unplaced(METHOD)

    def _find(self, noun: str, text: str) -> Any:
        said = self._said.get(noun, {}).get(folded(text))
        if said is not None and (said == NOBODY or int(said) in self._known[noun]):
            self.placed[noun][text] = said
            return None if said == NOBODY else self._known[noun][int(said)]
        found = self._words[noun].get(_words(text))
        if found is None:
            self.unplaced[noun][text] += 1
            raise Unplaced(noun)
        return found


def _index(named: Iterable[tuple[Any, Iterable[str]]]) -> dict[tuple[str, ...], Any]:
    """What means one of them alone; what fits two means none."""
    found: dict[tuple[str, ...], Any] = {}
    for row, texts in named:
        for key in {_words(text) for text in texts} - {()}:
            found[key] = row if found.get(key, row) is row else None
    return found


def _words(text: str) -> tuple[str, ...]:
    """ "Lee, Ann MD" and "Dr. Ann Lee" are one."""
    words = re.findall(r"[^\W_]+", text.casefold().replace(".", ""))
    kept = [word for word in words if word not in _TITLES] or words
    return tuple(sorted(kept))


def _of_doctor(row: Doctor) -> Iterable[str]:
    names = (row.first_name, row.last_name)
    middle = row.middle_name[:1]
    whole = (" ".join((*names, row.middle_name)), " ".join((*names, middle)), " ".join(names))
    return (row.source_id, row.npi, row.provider_code, row.short_id, *(whole if all(names) else ()))


def _of_practice(row: Practice, enterprise: Enterprise) -> Iterable[str]:
    """Its own names; the enterprise's id in the files means it where there is only one of that name."""
    own = (row.name, row.short_id)
    return (*own, enterprise.source_id) if row.name == enterprise.name else own
