"""100,000 rows: in bounded memory, at most four times a bare reader into the same table with its triggers."""

from __future__ import annotations

import csv
import io
import os
import resource
import time
from itertools import islice
from typing import Any

import pytest

from partnerportal.records.imports import services
from partnerportal.records.models import Enterprise, Import, Patient
from tests.imports.conftest import WHO

ROWS = int(os.environ.get("IMPORT_BENCH_ROWS", "100000"))
HEADER = ["Id", "BIRTHDATE", "FIRST", "LAST", "GENDER", "ADDRESS", "CITY", "STATE", "ZIP", "PHONE", "EMAIL"]


def content() -> bytes:
    out = io.StringIO()
    write = csv.writer(out).writerow
    write(HEADER)
    for n in range(ROWS):
        born = f"{1930 + n % 90}-{1 + n % 12:02d}-{1 + n % 28:02d}"
        write(
            [f"chart-{n}", born, f"Ann{n % 977}", f"Lee{n % 3989}", "F" if n % 2 else "M", f"{n} Elm St",
             "Chicopee", "Massachusetts", "1013", f"203555{n % 10000:04d}", f"a{n}@example.com"]
        )  # fmt: skip
    return out.getvalue().encode()


def bare(enterprise: Enterprise, data: bytes) -> float:
    """Seconds of csv.DictReader and bulk_create alone, into the same table with its triggers."""
    start = time.perf_counter()
    rows = csv.DictReader(io.StringIO(data.decode()))
    while chunk := list(islice(rows, 1000)):
        Patient.objects.bulk_create(_bare(enterprise, row) for row in chunk)
    return time.perf_counter() - start


def _bare(enterprise: Enterprise, row: dict[str, Any]) -> Patient:
    return Patient(
        enterprise=enterprise, health_record_id=row["Id"], date_of_birth=row["BIRTHDATE"],
        first_name=row["FIRST"], last_name=row["LAST"], sex=row["GENDER"], address_line_1=row["ADDRESS"],
        city=row["CITY"], state="MA", zip=row["ZIP"], cell_phone=row["PHONE"], email=row["EMAIL"],
    )  # fmt: skip


@pytest.mark.bench
@pytest.mark.timeout(900)
def test_a_hundred_thousand_rows(transactional_db: None) -> None:
    data = content()
    one, two = (Enterprise.objects.create(name=name) for name in ("Birch", "Willow"))
    floor = bare(one, data)
    start = time.perf_counter()
    found = services.begin(WHO, kind="patients", enterprise=two, filename="a.csv", data=data, here=True)
    previewed = time.perf_counter() - start
    done = services.confirm(WHO, found, here=True)
    took = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"\nbare {floor:.1f} s · preview {previewed:.1f} s · import {took - previewed:.1f} s · "
        f"{(took - previewed) / floor:.2f} × · {peak:.0f} MB"
    )
    assert done.state == Import.State.DONE
    assert done.facts["result"] == {"new": ROWS}
    assert peak < 400
    assert took - previewed <= 4 * floor


@pytest.mark.bench
@pytest.mark.timeout(900)
def test_the_same_hundred_thousand_again(transactional_db: None) -> None:
    """Matching against a full table: nothing changes, and it takes no longer than the first time."""
    data = content()
    enterprise = Enterprise.objects.create(name="Birch")
    bring = {"kind": "patients", "enterprise": enterprise, "filename": "a.csv", "data": data, "here": True}
    start = time.perf_counter()
    services.confirm(WHO, services.begin(WHO, **bring), here=True)
    first = time.perf_counter() - start
    start = time.perf_counter()
    again = services.confirm(WHO, services.begin(WHO, **bring), here=True)
    assert again.facts["result"] == {"unchanged": ROWS}
    assert time.perf_counter() - start <= 1.5 * first
