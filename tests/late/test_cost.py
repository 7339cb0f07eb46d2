"""Looking for second records costs a page of a list the same few queries, however long it is."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partnerportal.audit.context import Context
from partnerportal.delivery.payloads import ISSUER
from partnerportal.kernel.clock import db_now
from partnerportal.records.models import Enterprise, Patient
from partnerportal.sync import applying
from partnerportal.sync.models import PullPart
from tests.cast import make_enterprise, make_patient

MOST = 3  # queries besides those of a page before


def page(patients: list[Patient], first: int, *, reference: bool) -> list[dict[str, Any]]:
    """Records there that are tied to none of ours, each alike one of ours that was never sent."""
    known = [{"issuer": ISSUER, "external_id": str(one.reference)} for one in patients]
    return [
        {**one.wire.create_payload(one), "id": first + n, "external_ids": [known[n]] if reference else []}
        for n, one in enumerate(patients)
    ]


def queries(part: PullPart, rows: list[dict[str, Any]]) -> list[str]:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        applying.apply_page(part, rows, Context(), db_now(), take_in=False)
    return [one["sql"] for one in seen.captured_queries]


@pytest.fixture
def elm(transactional_db: None) -> Enterprise:
    enterprise = make_enterprise()
    Enterprise.objects.filter(pk=enterprise.pk).update(remote_id=10)
    enterprise.refresh_from_db()
    return enterprise


def test_a_page_of_a_hundred_costs_no_more_than_one_of_ten(elm: Enterprise) -> None:
    part = PullPart.objects.create(noun="patient", enterprise=elm)
    patients = [make_patient(elm) for _ in range(100)]
    queries(part, page(patients[:1], 900, reference=False))  # the floor is made once
    few = queries(part, page(patients[:10], 1_000, reference=False))
    many = queries(part, page(patients, 2_000, reference=False))
    assert len(many) == len(few)
    besides = [
        sql for sql in many if "sameness" in sql or "records_surplus" in sql or '"reference" IN' in sql
    ]
    assert 0 < len(besides) <= MOST
