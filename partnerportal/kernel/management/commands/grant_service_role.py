"""`manage.py grant_service_role`: after each migration, under the owning role. Calls kernel.grants only."""

from __future__ import annotations

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from partnerportal.kernel.grants import GrantError, ServiceRole, grant_service_role


class Command(BaseCommand):
    help = "Create or renew the role in SERVICE_DATABASE_URL with the rights of kernel/rights.py, no others."

    def handle(self, *_: object, **__: object) -> None:
        if not settings.SERVICE_DATABASE_URL:
            raise CommandError("SERVICE_DATABASE_URL is empty; it is the database as the services use it.")
        try:
            role = ServiceRole.from_url(settings.SERVICE_DATABASE_URL)
            number = grant_service_role(role)
        except GrantError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{role.name} has its rights on {number} tables, and no others.")
