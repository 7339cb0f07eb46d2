"""Charges and payments on the import pages: totals, names to place, and a push a noun."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from partnerportal.accounts.models import Staff
from partnerportal.delivery.models import Plan
from partnerportal.records.models import (
    Doctor,
    Enterprise,
    Import,
    Invoice,
    Patient,
    Practice,
    RememberedNames,
)
from tests.console.cast import auditor, ed, north, operator, outsider, signed_in, south

__all__ = ["auditor", "ed", "north", "operator", "outsider", "south"]
FILE = (
    "MRN,Claim,DOS,CPT,Charge,Ins Owed,Provider,Copay,Method\n"
    '12345,C1,2026-11-02,99213,"$1,150.00",,Dr. Elm,20,cash\n'
    "12345,C2,2026-11-03,99214,200,150,,,\n"
    "12345,C2,2026-11-03,81002,x,,,,\n"
)


@pytest.fixture
def desk(operator: Staff, ed: Patient, north: Enterprise) -> Client:
    Practice(enterprise=north, name="Main office").save()
    return signed_in(operator)


@pytest.fixture
def elm(north: Enterprise) -> Doctor:
    doctor = Doctor(enterprise=north, first_name="Eve", last_name="Elmwood")
    doctor.save()
    return doctor


def upload(desk: Client, north: Enterprise, content: str = FILE, kind: str = "charges") -> Import:
    file = SimpleUploadedFile("a.csv", content.encode())
    desk.post("/files/import/", {"kind": kind, "enterprise": north.pk, "file": file})
    return Import.objects.latest("pk")


def page(desk: Client, found: Import) -> str:
    return desk.get(f"/files/jobs/{found.pk}/").content.decode()


def test_the_choice_of_kinds_has_the_moneys(desk: Client) -> None:
    text = desk.get("/files/import/?kind=charges").content.decode()
    for name in ("Charges", "Payments", "Opening balances"):
        assert f"<strong>{name}</strong>" in text
    assert 'value="charges" checked' in text


def test_the_preview_asks_for_names_and_says_what_stays_out(desk: Client, north: Enterprise) -> None:
    text = page(desk, upload(desk, north))
    assert "1 name in the file to place" in text
    assert "Dr. Elm" in text
    assert "stays out with line 4 of the same visit" in text


def test_placing_a_name_shows_what_it_comes_to(desk: Client, north: Enterprise, elm: Doctor) -> None:
    found = upload(desk, north)
    answer = desk.post(f"/files/jobs/{found.pk}/names/", {"name-0": str(elm.pk)})
    assert answer["Location"] == f"/files/jobs/{found.pk}/"
    text = page(desk, found)
    assert "1 line in 1 new invoice for 1 patient: $1,150.00 charged" in text
    assert "1 payment, $20.00" in text
    assert "Import 1 invoice and 1 payment" in text
    assert RememberedNames.objects.get().names == {"dr. elm": str(elm.pk)}


def test_after_it_is_in_one_push_takes_all_that_it_brought(
    desk: Client, north: Enterprise, elm: Doctor
) -> None:
    found = upload(desk, north)
    desk.post(f"/files/jobs/{found.pk}/names/", {"name-0": str(elm.pk)})
    desk.post(f"/files/jobs/{found.pk}/confirm/")
    assert "Review push of 1 invoice, 1 payment and 1 invoice payment…" in page(desk, found)
    answer = desk.post(f"/files/jobs/{found.pk}/push/")
    plan = Plan.objects.latest("pk")
    assert answer["Location"] == f"/push/plans/{plan.pk}/"
    assert plan.facts["nouns"] == {"invoice": 1, "payment": 1, "invoice_payment": 1}
    shown = desk.get(answer["Location"]).content.decode()
    assert "Push 1 invoice, 1 payment and 1 invoice payment" in shown


def test_the_bad_rows_can_be_downloaded_with_their_whole_claim(desk: Client, north: Enterprise) -> None:
    found = upload(desk, north)
    answer = desk.post(f"/files/jobs/{found.pk}/rows/")
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert text.count("C2") == 2
    assert "stays out with line 4" in text


def test_changed_amounts_are_shown_in_dollars(desk: Client, north: Enterprise) -> None:
    one = "MRN,Claim,DOS,CPT,Charge\n12345,C1,2026-11-02,99213,{}\n"
    first = upload(desk, north, one.format("100"))
    desk.post(f"/files/jobs/{first.pk}/confirm/")
    text = page(desk, upload(desk, north, one.format("80.50")))
    assert "$100.00" in text
    assert "$80.50" in text
    assert "Charge each" in text


def test_an_undo_says_how_many_invoices_go(desk: Client, north: Enterprise) -> None:
    found = upload(desk, north, "Account,Balance\n12345,100\n", "opening_balances")
    desk.post(f"/files/jobs/{found.pk}/confirm/")
    assert "1 invoice made by it go" in desk.get(f"/files/jobs/{found.pk}/undo/").content.decode()
    desk.post(f"/files/jobs/{found.pk}/undo/")
    assert not Invoice.objects.exists()


@pytest.mark.parametrize("who", ["auditor", "outsider"])
def test_nobody_else_places_names(desk: Client, north: Enterprise, who: str, request: Any) -> None:
    found = upload(desk, north)
    other = signed_in(request.getfixturevalue(who))
    assert other.post(f"/files/jobs/{found.pk}/names/", {"name-0": "-"}).status_code in (403, 404)
    assert not RememberedNames.objects.exists()
    assert desk.get(f"/files/jobs/{found.pk}/names/").status_code == 405
