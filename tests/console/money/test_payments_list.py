"""The list of payments: newest first, searched by patient and id, in one's own scope."""

from __future__ import annotations

import pytest
from django.urls import reverse

from partnerportal.accounts.models import Staff
from partnerportal.records.models import Enterprise, Export, Patient
from tests.console.cast import signed_in
from tests.console.money.payer import payment, visit

pytestmark = pytest.mark.django_db
LIST = "/records/payment/"


def test_it_shows_amount_method_and_what_is_unapplied(operator: Staff, ed: Patient) -> None:
    paid = payment(ed, 6_000, visit(ed, 6_000))
    other = payment(ed, 1_234)
    page = signed_in(operator).get(LIST).content.decode()
    assert "Edison, Ed" in page
    assert "$12.34" in page
    assert page.index(other.short_id) < page.index(paid.short_id)


@pytest.mark.parametrize("typed", ["edison", "10/07/1987", "PAY-{pk}", "12345", "IH 901"])
def test_it_is_found_by_patient_and_by_id(
    operator: Staff, ed: Patient, south: Enterprise, typed: str
) -> None:
    paid = payment(ed, 5_000, sent=901)
    someone = Patient.objects.create(enterprise=south, first_name="Ann", last_name="Other")
    hidden = payment(someone, 7_700)
    page = signed_in(operator).get(LIST, {"q": typed.format(pk=paid.pk)}).content.decode()
    assert paid.short_id in page
    assert f"{hidden.short_id}<" not in page and "$77.00" not in page


def test_the_selected_go_to_a_plan(operator: Staff, ed: Patient) -> None:
    paid = payment(ed, 5_000)
    fields = {"noun": "payment", "scope": "selected", "ids": [paid.pk]}
    answer = signed_in(operator).post(reverse("push_selected"), fields, follow=True)
    assert "Push 1 payment" in answer.content.decode()


def test_all_that_match_go_to_a_plan(operator: Staff, ed: Patient) -> None:
    payment(ed, 5_000)
    fields = {"noun": "payment", "scope": "all", "query": "method=check"}
    assert (
        "Push 1 payment"
        in signed_in(operator).post(reverse("push_selected"), fields, follow=True).content.decode()
    )


def test_an_address_sorted_by_nothing_known_is_the_newest_first(operator: Staff, ed: Patient) -> None:
    payment(ed, 5_000)
    assert signed_in(operator).get(LIST, {"sort": "nonsense"}).status_code == 200


def test_only_ones_own_scope(outsider: Staff, ed: Patient) -> None:
    payment(ed, 5_000)
    assert "Edison" not in signed_in(outsider).get(LIST).content.decode()


def test_empty_says_how_the_first_comes(operator: Staff) -> None:
    assert "None yet. Record a payment" in signed_in(operator).get(LIST).content.decode()


def test_it_goes_out_as_a_file_in_dollars(operator: Staff, ed: Patient) -> None:
    payment(ed, 123_456)
    fields = {"noun": "payment", "scope": "all", "query": "", "shape": "rows", "form": "csv"}
    signed_in(operator).post(reverse("export_start"), fields)
    made = Export.objects.get()
    answer = signed_in(operator).post(reverse("export_download", args=[made.pk]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert "1234.56" in text and "Edison" in text
