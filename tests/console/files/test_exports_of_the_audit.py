"""Exchanges and entries go out as files for whoever reads the audit: what came of it, and no content."""

from __future__ import annotations

import pytest
from django.urls import reverse

from partnerportal.accounts.models import Staff
from partnerportal.audit import entries
from partnerportal.audit.context import Context
from partnerportal.audit.models import Answer, Exchange
from partnerportal.records.models import Enterprise
from tests.console.cast import person, signed_in
from tests.console.files.test_exports import download, rows, start


def exchange(enterprise: Enterprise, **answer: object) -> Exchange:
    row = Exchange.objects.create(
        actor="user:olivia", origin="console", lane="interactive", record="patient:P-7",
        enterprise=enterprise.pk, patient=7, correlation_id="c", credential_fingerprint="3f9a…c2",
        environment="sandbox", operation="patients.create", method="POST", url="http://127.0.0.1/",
        body_digest=b"0", content=b"secret",
    )  # fmt: skip
    if answer:
        Answer.objects.create(exchange=row.pk, reason="", body_digest=b"0", **answer)
    return row


@pytest.fixture
def reader(db: None) -> Staff:
    return person("audrey", "auditor")


def test_exchanges_with_what_came_of_them(reader: Staff, north: Enterprise) -> None:
    answered = exchange(north, status=201, outcome="accepted", seconds=0.212)
    still_open = exchange(north)
    content = download(reader, start(reader, noun="exchange"))
    first, second = rows(content)
    assert (first["Exchange"], first["Status"], first["Outcome"], first["Milliseconds"]) == (
        f"X-{answered.pk}", "201", "accepted", "212",
    )  # fmt: skip
    assert (second["Exchange"], second["Outcome"]) == (f"X-{still_open.pk}", "no answer recorded")
    assert b"secret" not in content


def test_entries_of_the_filter_that_stood_on_the_page(reader: Staff, north: Enterprise) -> None:
    about = Context("user:olivia", record="patient:P-7", enterprise=north.pk, patient=7)
    entries.write("patient_pushed", about, {"phone": "(203) 555-0101"})
    entries.write("patient_pushed", about.about(record="patient:P-8", patient=8))
    content = download(reader, start(reader, noun="entry", query="record=P-7"))
    (row,) = rows(content)
    assert (row["What"], row["Record"], row["Enterprise"]) == ("patient_pushed", "P-7", north.short_id)
    assert b"555-0101" not in content


def test_only_of_the_enterprises_in_scope(north: Enterprise, south: Enterprise) -> None:
    exchange(north)
    exchange(south)
    scoped = person("nora", "auditor", everywhere=False)
    scoped.scope.create(enterprise=north)
    (row,) = rows(download(scoped, start(scoped, noun="exchange")))
    assert row["Enterprise"] == north.short_id


def test_an_operator_takes_no_audit_out(operator: Staff, north: Enterprise) -> None:
    exchange(north)
    data = {"noun": "exchange", "scope": "all", "query": "", "shape": "rows", "form": "csv"}
    assert signed_in(operator).post(reverse("export_start"), data).status_code == 404


def test_the_lists_offer_it(reader: Staff, north: Enterprise) -> None:
    exchange(north)
    for name in ("exchanges", "entries"):
        assert "Export…" in signed_in(reader).get(reverse(name)).content.decode()
