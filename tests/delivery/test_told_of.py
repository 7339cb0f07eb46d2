"""What an event or another list told of is evidence for a create whose answer was lost."""

from __future__ import annotations

import time

import pytest

from partnerportal.accounts.gateway import Gateway
from partnerportal.delivery import claims, engine, evidence, told
from partnerportal.delivery.begin import context_of
from partnerportal.delivery.claims import Hold
from partnerportal.delivery.evidence import Finding
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.services import request_push
from partnerportal.delivery.walks import Walked
from partnerportal.records import matching
from partnerportal.records.models import Patient
from tests.cast import Stage, make_enterprise, make_patient


@pytest.fixture
def lost(stage: Stage) -> Delivery:
    """A patient who is there, though no answer said so."""
    enterprise = make_enterprise()
    request_push(stage.context, enterprise)
    stage.run()
    delivery = request_push(stage.context, make_patient(enterprise))
    stage.sandbox.fault(kind="drop_after", operation="patients.create", count=1)
    engine.drive("interactive", 5.0)
    delivery.refresh_from_db()
    assert delivery.state == "unknown"
    return delivery


def finding(delivery: Delivery, seen: Walked) -> Finding:
    """What a look that saw this would find, with what was told of."""
    row = Patient.objects.get(pk=delivery.record_id)
    sent = evidence.sent_payloads(delivery)
    hold = held()
    seen = told.join(seen, Gateway(delivery.key, context_of(delivery)), hold, delivery, row, sent)
    return evidence.find(delivery, row, sent, seen)


def held() -> Hold:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        if (hold := claims.claim_lookup()) is not None:
            return hold
        time.sleep(0.1)
    raise AssertionError("no look is due")


def tell(stage: Stage, delivery: Delivery) -> int:
    (there,) = stage.there()
    matching.sight("patient", [there], delivery.enterprise_id)
    return int(there["id"])


def test_a_list_that_does_not_show_it_does_not_make_it_none(stage: Stage, lost: Delivery) -> None:
    number = tell(stage, lost)
    found = finding(lost, Walked(proven=True))
    assert (found.verdict, found.record["id"]) == ("one", number)
    assert found.candidates[0]["told"]


def test_what_carries_our_reference_is_it_whatever_the_list_proves(stage: Stage, lost: Delivery) -> None:
    tell(stage, lost)
    assert finding(lost, Walked(reason="order")).verdict == "one"


def test_without_our_reference_a_list_that_proves_nothing_leaves_it_open(
    stage: Stage, lost: Delivery
) -> None:
    (there,) = stage.there()
    stage.sandbox.admin("PUT", f"records/patients/{there['id']}", {"external_ids": []})
    tell(stage, lost)
    found = finding(lost, Walked(reason="order"))
    assert (found.verdict, [c["told"] for c in found.candidates]) == ("unproven", [True])


def test_what_was_told_of_and_is_gone_again_counts_for_nothing(stage: Stage, lost: Delivery) -> None:
    (there,) = stage.there()
    matching.sight("patient", [{**there, "id": there["id"] + 1000}], lost.enterprise_id)
    assert finding(lost, Walked(proven=True)).verdict == "none"
