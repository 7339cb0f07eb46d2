"""Who may be here twice: patients of one enterprise that are alike, for a person to decide. Imports models.

One pass over the enterprise's patients; two that a person called two people are not suspected again.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from django.db import connection, transaction

from partnerportal.audit import entries
from partnerportal.audit.context import Context
from partnerportal.records.models import NotSame, Patient

MOST = 200  # suspects shown at once: deciding some brings the next
WORDS = {
    "ssn": "same SSN",
    "name_birth": "same name and date of birth",
    "chart": "chart numbers that differ only in zeros, case or signs",
    "phone_birth": "same phone and date of birth",
}
_KEYS = """
SELECT p.id, k.kind, k.key
FROM records_patient p
CROSS JOIN LATERAL (VALUES
  ('ssn', NULLIF(p.ssn_fingerprint, '')),
  ('name_birth', CASE WHEN p.last_name <> '' THEN
     lower(btrim(p.last_name)) || chr(31) || lower(btrim(p.first_name)) || chr(31) || p.date_of_birth END),
  ('chart', NULLIF(ltrim(regexp_replace(lower(p.health_record_id), '[^a-z0-9]', '', 'g'), '0'), '')),
  ('phone_birth', NULLIF(p.cell_phone, '') || chr(31) || p.date_of_birth),
  ('phone_birth', NULLIF(p.home_phone, '') || chr(31) || p.date_of_birth),
  ('phone_birth', NULLIF(p.work_phone, '') || chr(31) || p.date_of_birth)
) AS k(kind, key)
WHERE p.enterprise_id = %s AND NOT p.removed AND k.key IS NOT NULL
"""
_ALIKE = f"""
SELECT kind, (array_agg(DISTINCT id ORDER BY id))[1:5] AS ids
FROM ({_KEYS}) alike GROUP BY kind, key HAVING count(DISTINCT id) > 1 ORDER BY ids LIMIT %s
"""  # noqa: S608


@dataclass
class Suspect:
    """Two patients of one enterprise and why they may be one person. `one` has the lower id."""

    one: Any
    other: Any
    why: list[str] = field(default_factory=list)

    @property
    def reasons(self) -> str:
        said = "; ".join(WORDS[kind] for kind in WORDS if kind in self.why)
        return said[:1].upper() + said[1:]


def suspects(enterprise_id: int, most: int = MOST) -> list[Suspect]:
    """Pairs not decided yet, those with the most reasons first. Of more than five alike, five are paired."""
    pairs: dict[tuple[int, int], set[str]] = defaultdict(set)
    decided = set(NotSame.objects.filter(one__enterprise=enterprise_id).values_list("one_id", "other_id"))
    with connection.cursor() as cursor:
        cursor.execute(_ALIKE, [enterprise_id, most + len(decided)])
        for kind, ids in cursor.fetchall():
            for pair in combinations(ids, 2):
                pairs[pair].add(kind)
    open_pairs = sorted((p for p in pairs if p not in decided), key=lambda p: (-len(pairs[p]), p))[:most]
    rows = Patient.objects.light().in_bulk({pk for pair in open_pairs for pk in pair})
    return [Suspect(rows[a], rows[b], sorted(pairs[a, b])) for a, b in open_pairs if a in rows and b in rows]


def suspects_of(patient: Patient) -> list[int]:
    """Primary keys of those that one patient may be the same person as; at most five."""
    decided = {pk for pair in _decided_about(patient) for pk in pair} - {patient.pk}
    with connection.cursor() as cursor:
        cursor.execute(_OF_ONE, {"pk": patient.pk, "enterprise": patient.enterprise_id})
        found = [pk for (pk,) in cursor.fetchall()]
    return [pk for pk in found if pk not in decided][:5]


# Two look-ups by index: this runs with every patient's page.
_OF_ONE = """
SELECT o.id FROM records_patient p JOIN records_patient o ON o.ssn_fingerprint = p.ssn_fingerprint
WHERE p.id = %(pk)s AND p.ssn_fingerprint <> '' AND NOT p.removed
  AND o.enterprise_id = %(enterprise)s AND o.id <> p.id AND NOT o.removed
UNION
SELECT o.id FROM records_patient p JOIN records_patient o ON o.date_of_birth = p.date_of_birth
WHERE p.id = %(pk)s AND p.last_name <> '' AND NOT p.removed
  AND lower(btrim(o.last_name)) = lower(btrim(p.last_name))
  AND lower(btrim(o.first_name)) = lower(btrim(p.first_name))
  AND o.enterprise_id = %(enterprise)s AND o.id <> p.id AND NOT o.removed
ORDER BY 1 LIMIT 10
"""


def _decided_about(patient: Patient) -> list[tuple[int, int]]:
    pairs = NotSame.objects.filter(one=patient) | NotSame.objects.filter(other=patient)
    return list(pairs.values_list("one_id", "other_id"))


def set_apart(context: Context, one: Patient, other: Patient) -> None:
    """A person says: these are two people. They are not suspected again."""
    low, high = sorted((one, other), key=lambda row: row.pk)
    with transaction.atomic():
        _, made = NotSame.objects.get_or_create(one=low, other=high, defaults={"actor": context.actor})
        for row, twin in ((low, high), (high, low)) if made else ():
            about = context.about(record=row.record_name, enterprise=row.enterprise_pk, patient=row.pk)
            entries.write("patients_set_apart", about, {"other": twin.short_id})
