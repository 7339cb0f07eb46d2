"""What the demo needs in its database: migrations, the staff user `demo`, sample data. Imports none of ours.

A backup that was restored into it is taken up. Runs inside a demo, which holds the services.
"""

from __future__ import annotations

import os

import django
from django.core.management import call_command, get_commands

# In this order; the apps that own them are asked by name.
STEPS = ("create_demo_staff", "load_demo")


def run() -> int:
    """One command after the other in one process; a command's own error ends it. Returns the exit status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnerportal.settings")
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    if "restored" in get_commands():
        call_command("restored", at_start=True)
    for step in STEPS:
        if step in get_commands():
            call_command(step)
    return 0
