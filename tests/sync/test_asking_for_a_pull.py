"""Who may start a pass, that one is enough, what stops it, and who hears how it ended."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from partnerportal.audit.context import Context
from partnerportal.audit.models import Exchange
from partnerportal.delivery import brakes
from partnerportal.jobs.models import Job, Notice
from partnerportal.sync import pulling, services, tasks
from tests.cast import Stage, make_enterprise
from tests.sync.scene import through, tie


def test_the_schedule_does_not_start_a_second_one(stage: Stage) -> None:
    tasks.pull()
    tasks.pull()
    assert services.running().count() == 1
    tasks.drive()
    assert not services.running().exists()
    assert Exchange.objects.filter(operation="enterprises.list", actor="schedule").exists()


def test_without_a_key_the_schedule_reads_nothing_and_fails_nobody(stage: Stage) -> None:
    stage.key.is_service = False
    stage.key.save()
    tasks.pull()
    assert not Job.objects.exists()


def test_everything_asked_for_takes_the_place_of_what_is_only_new(stage: Stage) -> None:
    tie(stage, make_enterprise())
    small = services.request_pull(Context())
    whole = services.request_pull(stage.context, full=True)
    assert services.request_pull(Context()).pk == whole.pk
    through(whole)
    small.job.refresh_from_db()
    whole.job.refresh_from_db()
    assert (small.job.state, whole.job.state) == (Job.State.CANCELLED, Job.State.DONE)


def test_whoever_started_it_hears_how_it_ended(stage: Stage) -> None:
    through(services.request_pull(stage.context, full=True))
    notice = Notice.objects.get(kind="pull_ended")
    assert (notice.staff_id, notice.bad) == (stage.operator.pk, False)
    stage.sandbox.fault(kind="refuse_key", count=1)
    through(services.request_pull(stage.context, full=True))
    assert Notice.objects.filter(kind="pull_ended", bad=True).count() == 1


def test_while_everything_is_stopped_nothing_is_read(stage: Stage) -> None:
    services.request_pull(stage.context, full=True)
    brake = brakes.stop(stage.context, "a drill")
    assert pulling.drive(0.5) == 0
    assert not Exchange.objects.exists()
    brakes.release(stage.context, brake)


def test_the_command_reads_everything_and_says_how_much(stage: Stage) -> None:
    tie(stage, make_enterprise())
    out = io.StringIO()
    call_command("pull", "--full", "--wait", stdout=out)
    assert out.getvalue().rstrip().endswith("changed here.")
    assert Exchange.objects.filter(actor="command:pull", origin="command").exists()
    stage.sandbox.fault(kind="refuse_key", count=1)
    with pytest.raises(CommandError, match="Not all was read"):
        call_command("pull", "--full", "--wait", stdout=out)
