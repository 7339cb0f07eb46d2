"""What the demo needs in its database: tables, rights, the user `demo`, sample data. Imports none of ours.

A backup that was restored into it is taken up. Runs inside a demo, which holds the services. Two processes,
because the owner migrates and the services' role does everything else (kernel/owner.py tells them apart by
the command's name).
"""

from __future__ import annotations

import os

import django
from django.core.management import call_command, get_commands

# In this order; the apps that own them are asked by name.
STEPS = ("create_demo_staff", "load_demo")


def migrate() -> int:
    """Tables and the services' role, as the owner; a command's own error ends it. Returns the exit status."""
    _start()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("grant_service_role")
    if "restored" in get_commands():
        call_command("restored", at_start=True)
    return 0


def run() -> int:
    """Staff and sample data, as the services' role, one after the other. Returns the exit status."""
    _start()
    for step in STEPS:
        if step in get_commands():
            call_command(step)
    return 0


def _start() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnerportal.settings")
    django.setup()
