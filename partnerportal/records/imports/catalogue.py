"""The kinds of import there are, by name. Imports one file a kind."""

from __future__ import annotations

from partnerportal.records.imports.doctors import DOCTORS
from partnerportal.records.imports.enterprises import ENTERPRISES
from partnerportal.records.imports.kinds import Kind
from partnerportal.records.imports.patients import PATIENTS

KINDS: dict[str, Kind] = {kind.name: kind for kind in (PATIENTS, ENTERPRISES, DOCTORS)}
