"""100,000 lines of charges, scattered over their claims: in bounded memory."""

from __future__ import annotations

import os
import resource
import time

import pytest

from partnerportal.records.imports import services
from partnerportal.records.models import Enterprise, Import, Invoice, Patient, Practice
from tests.imports.conftest import WHO

ROWS = int(os.environ.get("IMPORT_BENCH_ROWS", "100000"))


@pytest.mark.bench
@pytest.mark.timeout(1200)
def test_a_hundred_thousand_charges(transactional_db: None) -> None:
    enterprise = Enterprise.objects.create(name="Birch")
    Practice(enterprise=enterprise, name="Main office").save()
    people = ROWS // 20
    Patient.objects.bulk_create(
        [Patient(enterprise=enterprise, health_record_id=f"C-{n}", last_name="B") for n in range(people)],
        batch_size=1000,
    )
    claims = ROWS // 2
    lines = (f"C-{n % people},K{n % claims},11/02/2026,99213,Visit,1,$100.00" for n in range(ROWS))
    data = "\n".join(("MRN,Claim,DOS,CPT,Description,Qty,Charge", *lines)).encode()
    start = time.perf_counter()
    found = services.begin(WHO, kind="charges", enterprise=enterprise, filename="a.csv", data=data, here=True)
    previewed = time.perf_counter() - start
    done = services.confirm(WHO, found, here=True)
    took = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\npreview {previewed:.1f} s · import {took - previewed:.1f} s · {peak:.0f} MB")
    assert done.state == Import.State.DONE
    assert done.facts["result"] == {"new": ROWS}
    assert Invoice.objects.count() == claims
    assert peak < 400
