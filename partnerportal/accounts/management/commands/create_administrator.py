"""`create_administrator`: the first administrator of a deployment, who then invites everyone else."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from partnerportal.accounts import staff, welcome
from partnerportal.accounts.models import Staff
from partnerportal.accounts.roles import ADMINISTRATOR
from partnerportal.audit.context import Context, command_actor


class Command(BaseCommand):
    help = "Make the first administrator and print the one-time link to set a password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        if Staff.objects.filter(groups__name=ADMINISTRATOR, is_active=True).exists():
            raise CommandError("There is an administrator already, who can invite others on the Staff page.")
        wanted = staff.Invitation(options["username"], options["email"], "", [ADMINISTRATOR], True)
        context = Context(command_actor("create_administrator"), "command")
        try:
            made = staff.invite(wanted, context)
        except staff.NotAllowed as error:
            raise CommandError(str(error)) from error
        self.stdout.write(welcome.link(made))
