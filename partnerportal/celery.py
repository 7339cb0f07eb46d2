"""The Celery application: workers, beat, and whoever rings the doorbell. Imports settings by name only."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnerportal.settings")

app = Celery("partnerportal")
# "Current" is a matter of one thread; the default is what gunicorn's other threads find.
app.set_default()
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
