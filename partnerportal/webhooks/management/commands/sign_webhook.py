"""`sign_webhook --url URL [--key KEY] < body`: prints the signature of a webhook. Needs no database."""

from __future__ import annotations

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from integrations.inboxhealth.normalizing import NotNormalError
from integrations.inboxhealth.signature import NotJsonError, parsed, signature


class Command(BaseCommand):
    help = "Print what X-InboxHealth-Signature holds for the JSON body on standard input."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--url", required=True, help="the URL exactly as it is registered")
        parser.add_argument(
            "--key",
            default=os.environ.get("INBOX_HEALTH_API_KEY"),
            help="the API key of whoever registered it; without it the variable INBOX_HEALTH_API_KEY",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if not options["key"]:
                raise CommandError("Give --key, or set INBOX_HEALTH_API_KEY.")
            body = sys.stdin.buffer.read()
            self.stdout.write(signature(options["key"], options["url"], parsed(body)))
        except NotJsonError as error:
            raise CommandError("The body is no JSON object.") from error
        except NotNormalError as error:
            raise CommandError("The body can't be normalised, so nobody could sign it.") from error
