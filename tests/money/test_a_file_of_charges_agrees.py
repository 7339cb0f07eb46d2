"""Files of charges and payments, imported and pushed as batches: both sides agree on every patient."""

from __future__ import annotations

from typing import Any

from partnerportal.audit.context import Context
from partnerportal.delivery.plans import confirm_plan, make_plan
from partnerportal.records.imports import services
from partnerportal.records.models import Invoice, Patient, Payment
from tests.cast import Stage, make_enterprise, make_patient, make_practice
from tests.money.accounts import agreed

WHO = Context(actor="command:test", origin="command")
HEADER = "MRN,Claim No,DOS,CPT,Description,Units,Charge,Adjustment,Ins Owed\n"
PEOPLE = 12


def _file() -> str:
    """Three lines in two claims for each: one that insurance still owes of, one with two units."""
    lines = []
    for number in range(PEOPLE):
        person, claim = f"A-{number}", f"C-{number}"
        lines += [
            f"{person},{claim}-1,11/02/2026,99213,Office visit,1,$1{number:02d}.10,$20.00,",
            f"{person},{claim}-1,11/02/2026,87880,Strep test,2,$31.00,,",
            f"{person},{claim}-2,11/03/2026,71046,X-ray,1,75.00,,50.00",
        ]
    return HEADER + "\n".join(lines) + "\n"


def _push(stage: Stage, noun: str, rows: Any) -> None:
    confirm_plan(make_plan(stage.operator, noun, rows), stage.context)
    stage.run(60)


def test_what_a_file_brought_is_owed_there_to_the_cent(stage: Stage) -> None:
    enterprise = make_enterprise()
    make_practice(enterprise)
    people = [make_patient(enterprise, health_record_id=f"A-{n}") for n in range(PEOPLE)]
    bring = services.begin(
        WHO, kind="charges", enterprise=enterprise, filename="a.csv", data=_file().encode()
    )
    services.confirm(WHO, bring)
    assert Invoice.objects.count() == 2 * PEOPLE
    paid = "MRN,Amount,Method,Date,Claim No\n" + "".join(
        f"A-{n},25.00,cash,11/05/2026,C-{n}-1\n" for n in range(PEOPLE)
    )
    taken = services.begin(WHO, kind="payments", enterprise=enterprise, filename="p.csv", data=paid.encode())
    services.confirm(WHO, taken)
    _push(stage, "invoice", Invoice.objects.all())
    _push(stage, "payment", Payment.objects.all())
    owed = [agreed(stage, Patient.objects.get(pk=one.pk)) for one in people]
    assert owed == [10_010 + 100 * n - 2_000 + 3_100 - 2_500 for n in range(PEOPLE)]
