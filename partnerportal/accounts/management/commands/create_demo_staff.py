"""`create_demo_staff`: the demo's user, operator and administrator of all enterprises. Never a superuser."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from partnerportal.accounts import try_it_grant
from partnerportal.accounts.models import Staff
from partnerportal.accounts.roles import ADMINISTRATOR, OPERATOR
from partnerportal.audit import entries
from partnerportal.audit.context import Context, command_actor
from partnerportal.kernel.environment import environment_name
from partnerportal.kernel.ids import record_name

NAME = "demo"


class Command(BaseCommand):
    help = "Make the staff user `demo`, or give it DEMO_PASSWORD again. Only beside a sandbox."

    def handle(self, *args: Any, **options: Any) -> None:
        if environment_name() != "sandbox":
            raise CommandError("The demo's user belongs to a sandbox only.")
        if not settings.DEMO_PASSWORD:
            raise CommandError("DEMO_PASSWORD is empty: set it to the password of `demo`.")
        made = ensure_demo_staff(settings.DEMO_PASSWORD)
        self.stdout.write(f"User {NAME} {'made' if made else 'is there'}.")


def ensure_demo_staff(password: str) -> bool:
    """Whether the user had to be made. An unchanged password is left alone, so that sessions live on."""
    with transaction.atomic():
        staff, made = Staff.objects.get_or_create(
            username=NAME,
            defaults={"first_name": "Demo", "all_enterprises": True, "email": "demo@example.com"},
        )
        staff.is_active = True
        if not staff.check_password(password):
            staff.set_password(password)
        staff.save()
        staff.groups.add(*Group.objects.filter(name__in=[OPERATOR, ADMINISTRATOR]))
        if made:
            context = Context(command_actor("create_demo_staff"), "command")
            entries.write("staff_created", context.about(record=record_name("staff", staff.pk)))
            try_it_grant.give(staff, True, context)  # alone in the demo, nobody could grant it
    return made
