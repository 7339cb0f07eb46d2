"""`manage.py push`: queues all that is not sent or changed, and sends it itself where no worker lives."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from partnerportal.audit.models import Exchange
from partnerportal.delivery import brakes
from partnerportal.delivery.models import Delivery, Heartbeat
from partnerportal.records.models import Patient
from tests.cast import Stage, make_enterprise, make_patient, make_practice
from tests.owner import as_owner


def push(*arguments: str) -> str:
    out = io.StringIO()
    call_command("push", *arguments, stdout=out)
    return out.getvalue()


def test_it_sends_everything_when_no_worker_lives(stage: Stage) -> None:
    enterprise = make_enterprise()
    make_practice(enterprise)
    for _ in range(3):
        make_patient(enterprise)
    said = push("--wait")
    assert len(stage.there()) == 3
    assert said.rstrip().endswith("All delivered.")
    assert "Push 3 patients" in said
    sent = Exchange.objects.filter(operation="patients.create")
    assert {(e.actor, e.origin) for e in sent} == {("command:push", "command")}
    assert "Nothing to push" in push("--wait")


def test_it_takes_one_enterprise_and_says_when_none_or_several_fit(stage: Stage) -> None:
    north, south = make_enterprise("North"), make_enterprise("South")
    make_patient(north)
    make_patient(south)
    push("--enterprise", north.short_id, "--wait")
    assert [r["name"] for r in stage.there("enterprises")] == ["North"]
    assert len(stage.there()) == 1
    with pytest.raises(CommandError, match="No enterprise “West”"):
        push("--enterprise", "West")


def test_without_wait_it_only_queues(stage: Stage) -> None:
    make_patient(make_enterprise())
    assert "No worker is running" in push()
    assert stage.there() == []
    assert Delivery.objects.filter(state="pending").exists()
    Heartbeat.objects.create(name="sweep@here:1", seen_at=timezone.now())
    make_patient(make_enterprise("Other"))
    assert "No worker" not in push()


def test_it_fails_in_one_line_where_something_was_refused(stage: Stage) -> None:
    make_patient(make_enterprise())
    stage.sandbox.fault(kind="refuse", operation="patients.create", attribute="zip", count=1)
    with pytest.raises(CommandError, match=r"Not all was delivered: 1 failed\."):
        push("--wait")


def test_it_does_not_wait_for_what_will_not_move(stage: Stage) -> None:
    make_patient(make_enterprise())
    brakes.stop(stage.context, "a drill")
    with pytest.raises(CommandError, match="Sending is stopped: a drill"):
        push("--wait")


def test_children_of_a_refused_enterprise_do_not_keep_it_waiting(stage: Stage) -> None:
    make_patient(make_enterprise())
    stage.sandbox.fault(kind="refuse", operation="enterprises.create", attribute="zip", count=1)
    with pytest.raises(CommandError, match="1 failed, 1 blocked"):
        push("--wait")


def test_it_says_that_there_is_no_key(stage: Stage) -> None:
    as_owner("DELETE FROM accounts_apikey")
    make_patient(make_enterprise())
    with pytest.raises(CommandError, match="There is no service key"):
        push()
    assert Patient.objects.get().sync_state == "not_sent"
