"""A file that was checked before another went in is checked again by itself; its result is what happened."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from partnerportal.accounts.models import Staff
from partnerportal.jobs.models import Job
from partnerportal.records.imports import services, undoing
from partnerportal.records.models import Enterprise, Import, ImportRow, Patient
from partnerportal.records.tasks import check_import, sweep_imports
from tests.console.cast import operator as operator
from tests.console.cast import signed_in
from tests.imports.conftest import WHO, Bring

HEAD = "MRN,First,Last,DOB\n"
PEOPLE = "".join(f"{n},Ann,Lee{n},1990-01-0{n}\n" for n in range(1, 6))
OTHER_NUMBERS = PEOPLE.replace(",Ann", "99,Ann")  # the same people, under other chart numbers


def again(found: Import) -> Import:
    return Import.objects.select_related("job", "enterprise").get(pk=found.pk)


def words(found: Import) -> dict[str, int]:
    """How many rows stand under each word on the page."""
    rows = ImportRow.objects.filter(file_import=found).values_list("word", flat=True)
    return {word: list(rows).count(word) for word in set(rows)}


@pytest.mark.django_db(transaction=True)
def test_a_file_that_waits_is_checked_again_when_another_is_in(checked: Bring) -> None:
    first, second = checked(HEAD + PEOPLE), checked(HEAD + OTHER_NUMBERS)
    services.confirm(WHO, first)
    waiting = again(second)
    assert waiting.state == Import.State.CHECKING, "the page says that it is being checked"
    check_import(waiting.pk)  # as a worker does, rung by the import
    waiting = again(second)
    assert waiting.facts["counts"] == {"maybe": 5} and words(waiting) == {"maybe": 5}


@pytest.mark.django_db(transaction=True)
def test_its_page_asks_for_the_decisions_and_the_result_is_what_happened(
    checked: Bring, operator: Staff
) -> None:
    first, second = checked(HEAD + PEOPLE), checked(HEAD + OTHER_NUMBERS)
    services.confirm(WHO, first)
    check_import(second.pk)
    client = signed_in(operator)
    assert "Someone else" in page(client, second)
    for line, said in ((2, "same"), (3, "other"), (4, "same")):
        services.decide(WHO, again(second), line, said)
    done = services.confirm(WHO, again(second))
    assert done.facts["result"] == {"changed": 2, "new": 1, "maybe": 2}
    assert words(done) == {"changed": 2, "new": 1, "maybe": 2}
    text = page(client, second)
    assert "New<span" in text and "Maybe already here<span" in text
    assert Patient.objects.count() == 6


@pytest.mark.django_db(transaction=True)
def test_decisions_that_still_fit_are_kept(checked: Bring) -> None:
    services.confirm(WHO, checked(HEAD + PEOPLE))
    second, third = checked(HEAD + OTHER_NUMBERS), checked(HEAD + "77,Zoe,Kim,1980-01-01\n")
    services.decide(WHO, second, 2, "other")
    services.confirm(WHO, third)
    check_import(second.pk)
    assert list(ImportRow.objects.filter(file_import=second).exclude(decision="").values_list("line")) == [
        (2,)
    ]


@pytest.mark.django_db(transaction=True)
def test_an_undo_makes_others_stale_too(checked: Bring) -> None:
    first = services.confirm(WHO, checked(HEAD + PEOPLE))
    second = checked(HEAD + OTHER_NUMBERS)
    assert second.facts["counts"] == {"maybe": 5}
    undoing.undo(first, WHO)
    sweep_later(second)
    assert again(second).facts["counts"] == {"new": 5}


def sweep_later(found: Import) -> None:
    """As after a lost message: the sweep picks up what nobody works on."""
    Job.objects.filter(pk=found.pk).update(heartbeat_at=timezone.now() - timedelta(minutes=5))
    sweep_imports()


@pytest.mark.django_db(transaction=True)
def test_a_person_added_by_hand_is_seen_when_the_file_is_to_go_in(
    checked: Bring, enterprise: Enterprise
) -> None:
    """No import tells of it: the act itself looks, and asks once more where the numbers are others."""
    found = checked(HEAD + PEOPLE)
    Patient.objects.create(
        enterprise=enterprise, first_name="Ann", last_name="Lee1", date_of_birth=date(1990, 1, 1)
    )
    with pytest.raises(services.NotReady, match="checked again"):
        services.confirm(WHO, found)
    assert again(found).facts["counts"] == {"new": 4, "maybe": 1}
    assert Patient.objects.count() == 1
    done = services.confirm(WHO, again(found))
    assert done.facts["result"] == {"new": 4, "maybe": 1}


@pytest.mark.django_db(transaction=True)
def test_what_changes_no_number_does_not_stand_in_the_way(checked: Bring, enterprise: Enterprise) -> None:
    found = checked(HEAD + PEOPLE)
    Patient.objects.create(enterprise=enterprise, first_name="Gus", last_name="Petrakis")
    assert services.confirm(WHO, found).facts["result"] == {"new": 5}


@pytest.mark.django_db(transaction=True)
def test_the_tabs_of_the_result_are_what_happened(checked: Bring, monkeypatch: Any) -> None:
    """Somebody is faster, between the check of the act and a row: it stays out, and the page shows it."""
    found = checked(HEAD + PEOPLE)
    enterprise = Enterprise.objects.get()
    real = services.applying.apply

    def meanwhile(pk: int, *rest: Any) -> None:
        Patient.objects.create(
            enterprise=enterprise, first_name="Ann", last_name="Lee2", date_of_birth=date(1990, 1, 2)
        )
        real(pk, *rest)

    monkeypatch.setattr(services.applying, "apply", meanwhile)
    done = services.confirm(WHO, found)
    assert done.facts["result"] == {"new": 4, "maybe": 1}
    assert words(done) == {"new": 4, "maybe": 1}


def page(client: Client, found: Import) -> str:
    return client.get(f"/files/jobs/{found.pk}/").content.decode()
