"""An import of charges that is killed goes on where it was: nothing half, twice or missing."""

from __future__ import annotations

from typing import Any

import pytest

from partnerportal.records.imports import applying, services, source
from partnerportal.records.imports.money.work import MoneyWork
from partnerportal.records.models import Enterprise, Import, Invoice, LineItem, Payment
from tests.imports.conftest import WHO, Bring
from tests.imports.money_files import open_clinic

HEAD = "MRN,Claim,DOS,CPT,Charge,Copay,Method\n"
FIRST = "".join(f"A-1,C{n},2026-11-02,99213,100,,\n" for n in range(1, 13))
SECOND = "".join(f"A-1,C{n},2026-11-02,87880,10,5,cash\n" for n in range(1, 13))
BARE = "A-1,,,,,2,cash\n" * 6  # equal payments, told apart by their number alone


class Killed(BaseException):
    """Stands for kill -9: nothing catches it."""


def test_scattered_claims_and_equal_payments_go_on_after_a_kill(
    checked: Bring, enterprise: Enterprise, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic = open_clinic(enterprise)
    monkeypatch.setattr(source, "CHUNK", 4)
    found = checked(HEAD + FIRST + SECOND + BARE, kind="charges")
    whole = MoneyWork.chunks

    def dying(self: MoneyWork, after: int = 0) -> Any:
        for number, chunk in enumerate(whole(self, after)):
            if number == 7:
                raise Killed
            yield chunk

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(MoneyWork, "chunks", dying)
        services.confirm(WHO, found)
    assert 0 < Payment.objects.count() < 18
    applying.apply(found.pk)
    done = Import.objects.get(pk=found.pk)
    assert done.facts["result"] == {"new": 30}
    assert (Invoice.objects.count(), LineItem.objects.count(), Payment.objects.count()) == (12, 24, 18)
    clinic.ann.refresh_from_db()
    assert clinic.ann.balance_cents == 12 * 11_000 - 12 * 500 - 6 * 200
