"""A content can be read beside its own row only, and takes about a third of its plain size."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import models

from partnerportal.audit import reading, sealed
from partnerportal.audit.models import Answer, Entry, Exchange
from partnerportal.kernel import keyring
from tests.audit import rows

ROWS: dict[str, Any] = {
    "exchange": lambda: rows.exchange({"patient": {"first_name": "Ed"}}),
    "answer": lambda: rows.answer(rows.exchange(), {"patient": {"id": 669}}),
}
OTHER: dict[type[Any], Any] = {
    models.BigIntegerField: 7, models.IntegerField: 7, models.FloatField: 7.5,
    models.CharField: "other", models.DateTimeField: datetime(2020, 1, 1, tzinfo=UTC),
}  # fmt: skip
PLAIN = [
    (kind, field.attname)
    for kind, model in (("exchange", Exchange), ("answer", Answer))
    for field in model._meta.concrete_fields
    if field.attname not in ("id", "data_key", "content", "content_digest", "body_digest")
]


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "column"), PLAIN)
def test_a_content_can_not_be_read_once_a_column_beside_it_was_edited(kind: str, column: str) -> None:
    row = type(made := ROWS[kind]()).objects.get(pk=made.pk)
    assert sealed.unseal(row)
    setattr(row, column, OTHER[type(row._meta.get_field(column))])
    with pytest.raises(keyring.Altered):
        sealed.unseal(row)


@pytest.mark.django_db
def test_two_contents_can_not_be_swapped() -> None:
    one, two = ROWS["exchange"](), ROWS["exchange"]()
    one.data_key, one.content, two.data_key, two.content = (
        two.data_key,
        two.content,
        one.data_key,
        one.content,
    )
    assert reading.read_one(one).sent.state == reading.ALTERED
    assert reading.read_one(two).sent.state == reading.ALTERED


@pytest.mark.django_db
def test_a_missing_key_is_called_that_and_not_tampering(settings: Any) -> None:
    row = ROWS["exchange"]()
    settings.FIELD_ENCRYPTION_KEYS = ["A" * 43 + "="]
    assert reading.read_one(row).sent.state == reading.UNREADABLE


@pytest.mark.django_db
def test_an_answer_of_three_kilobytes_costs_one() -> None:
    record = {f"attribute_{number}": None if number % 3 else f"value {number}" for number in range(130)}
    body = json.dumps({"patient": record})
    kept = rows.answer(rows.exchange(), body)
    assert len(body) > 3_000 and len(kept.content or b"") < 1_100


def test_every_kind_of_audit_row_is_bound() -> None:
    assert set(sealed.Row.__args__) == {Exchange, Answer, Entry}
