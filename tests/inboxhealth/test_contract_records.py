"""What we receive is read whatever it looks like: unknown kept, misfits named, never an exception."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.inboxhealth.contract.event import EventRecord
from integrations.inboxhealth.contract.page import MetaRecord
from integrations.inboxhealth.contract.patient import PatientRecord
from integrations.inboxhealth.contract.problem import messages
from integrations.inboxhealth.operations import OPERATIONS
from tests.inboxhealth.conftest import vendor_examples

ANSWERS: dict[str, Any] = vendor_examples().get("answers", {})
RECORDS = {operation.response for operation in OPERATIONS.values() if operation.response} | {MetaRecord}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.skipif(not ANSWERS, reason="VENDOR_EXAMPLES names no file")
@pytest.mark.parametrize("name", ANSWERS)
def test_the_vendors_answer_is_read_without_a_misfit(name: str) -> None:
    if name == "webhook body":
        event = EventRecord.read(ANSWERS[name])
        assert (event.misfits, event.event_type, event.id) == ((), "patient_created", 4805)
        assert PatientRecord.read(event.subject).misfits == ()
        return
    ((root, raw),) = ANSWERS[name].items()
    record = next(row.response for row in OPERATIONS.values() if row.root == root and row.response).read(raw)
    assert record.misfits == ()
    assert {**record.model_dump()}.items() >= raw.items()


@pytest.mark.parametrize(
    "model", sorted(RECORDS, key=lambda model: model.__name__), ids=lambda model: model.__name__
)
@settings(max_examples=25)
@given(data=st.data())
def test_any_object_is_read(model: type[Any], data: st.DataObject) -> None:
    names = st.sampled_from([*model.model_fields, "something_new", "_private", "model_config", ""])
    raw = data.draw(st.dictionaries(names, JSON, max_size=8))
    record = model.read(raw)
    for name in record.misfits:
        assert getattr(record, name) is None
        assert raw[name] is not None


def test_an_unknown_attribute_is_kept_and_a_misfit_named() -> None:
    record = PatientRecord.read({"id": 7, "favourite_colour": "blue", "balance_cents": "a lot", "removed": 0})
    assert record.model_extra == {"favourite_colour": "blue"}
    assert (record.balance_cents, record.misfits, record.removed) == (None, ("balance_cents",), False)


def test_an_unknown_status_is_read_as_it_came() -> None:
    assert PatientRecord.read({"billing_status": "on_the_moon"}).billing_status == "on_the_moon"


@given(JSON)
def test_messages_are_read_from_anything(data: object) -> None:
    for name, texts in messages(data).items():
        assert isinstance(name, str)
        assert all(isinstance(text, str) for text in texts)
