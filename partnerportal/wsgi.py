"""The door for gunicorn. Imports the Celery application so that the doorbell knows its broker."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from partnerportal import celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnerportal.settings")

application = get_wsgi_application()
celery_app = celery.app
