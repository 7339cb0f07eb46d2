#!/usr/bin/env python
"""Django's command line. In local mode it finds or starts the services first and lets go at the end."""

from __future__ import annotations

import os
import sys

from django.core.management import execute_from_command_line

from partnerportal import celery
from partnerportal.local.layout import LocalError
from partnerportal.local.services import held_for


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnerportal.settings")
    try:
        with held_for(sys.argv):
            celery.app.set_current()
            execute_from_command_line(sys.argv)
    except LocalError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
