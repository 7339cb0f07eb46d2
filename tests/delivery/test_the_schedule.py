"""The scheduler is told of the sweeps, so that what a broker loses is found with nobody at the screen."""

from __future__ import annotations

import pytest
from django.conf import settings
from django_celery_beat.models import PeriodicTask
from django_celery_beat.schedulers import ModelEntry

from partnerportal.celery import app


@pytest.mark.django_db
def test_the_scheduler_enters_every_sweep_and_each_is_a_task_that_exists() -> None:
    app.loader.import_default_modules()
    for name, entry in settings.CELERY_BEAT_SCHEDULE.items():
        ModelEntry.from_entry(name, app=app, **entry)
    entered = dict(PeriodicTask.objects.filter(enabled=True).values_list("task", "queue"))
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        assert entry["task"] in app.tasks
        assert entered[entry["task"]] == entry["options"]["queue"]
    assert "partnerportal.delivery.tasks.sweep" in entered
