"""The kinds of import there are, by name. Imports one file a kind."""

from __future__ import annotations

from partnerportal.records.imports.doctors import DOCTORS
from partnerportal.records.imports.enterprises import ENTERPRISES
from partnerportal.records.imports.kinds import Kind
from partnerportal.records.imports.money.kinds import CHARGES, OPENINGS, PAYMENTS
from partnerportal.records.imports.patients import PATIENTS

_ALL = (PATIENTS, ENTERPRISES, DOCTORS, CHARGES, PAYMENTS, OPENINGS)
KINDS: dict[str, Kind] = {kind.name: kind for kind in _ALL}
