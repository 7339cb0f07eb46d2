"""The door for gunicorn. Imports the Celery application so that the doorbell knows its broker."""

from __future__ import annotations

import os
from contextlib import suppress

from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError
from django.urls import get_resolver

from partnerportal import celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnerportal.settings")

application = get_wsgi_application()

from partnerportal.accounts import stamp  # noqa: E402  models exist only from here on

# A start against another environment than the stamped one is refused, before a page could show its ids.
with suppress(DatabaseError):
    stamp.verify()
# Load every page's module now: else the first person to come would wait for it.
get_resolver().url_patterns  # noqa: B018
celery_app = celery.app
