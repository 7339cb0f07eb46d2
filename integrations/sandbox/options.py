"""The command line: its options, and what they mean. Imports switches and faults, to check what was typed."""

import argparse
import json
import os
import secrets
from pathlib import Path

from integrations.sandbox.assumptions import Assumptions, describe
from integrations.sandbox.conditions import Conditions
from integrations.sandbox.faults import FaultBook
from integrations.sandbox.limits import Limits

KEY_VARIABLE, PASSWORD_VARIABLE = "INBOX_HEALTH_API_KEY", "SANDBOX_PASSWORD"


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="python -m integrations.sandbox",
        description="A local Inbox Health: the Partner API on this machine.",
    )
    made.add_argument("--host", default="127.0.0.1")
    made.add_argument("--port", type=int, default=8001, help="0 takes a free one and prints it")
    made.add_argument(
        "--api-key",
        action="append",
        metavar="KEY",
        help=f"repeatable, one account; without it the variable {KEY_VARIABLE}, which no process list shows",
    )
    made.add_argument("--state", type=Path, metavar="DIR", help="the folder that holds its data")
    made.add_argument(
        "--portal-password",
        metavar="WORD",
        help=f"of the user demo; without it the variable {PASSWORD_VARIABLE}, else made up",
    )
    made.add_argument("--rate", type=_positive, default=10.0, help="requests a second (10)")
    made.add_argument("--burst", type=_positive, default=100.0, help="requests at once (100)")
    made.add_argument("--no-rate-limit", action="store_true")
    made.add_argument("--assume", action="append", default=[], metavar="NAME=VALUE", help="turn a switch")
    made.add_argument("--assumptions", action="store_true", help="print the switches and stop")
    made.add_argument("--open-control", action="store_true", help="/_sandbox/ also from other machines")
    made.add_argument(
        "--webhook-host",
        action="append",
        default=[],
        metavar="HOST",
        help="may be sent events, like this one",
    )
    made.add_argument("--fault", action="append", default=[], metavar="JSON", help="script a fault")
    return made


def read(arguments: list[str] | None = None) -> tuple[argparse.Namespace, Conditions]:
    """Leaves with a message and status 2 when something typed makes no sense."""
    made = parser()
    options = made.parse_args(arguments)
    if options.api_key is None:
        options.api_key = list(filter(None, [os.environ.get(KEY_VARIABLE)]))
    if options.assumptions:
        print(describe())
        made.exit()
    if options.state is None:
        made.error("--state DIR is needed: where the data is kept")
    try:
        return options, _conditions(options)
    except ValueError as refusal:
        made.error(str(refusal))


def _conditions(options: argparse.Namespace) -> Conditions:
    faults = FaultBook()
    for text in options.fault:
        faults.add(json.loads(text))
    limits = Limits(None if options.no_rate_limit else options.rate, options.burst)
    options.portal_password = options.portal_password or os.environ.get(PASSWORD_VARIABLE)
    password = options.portal_password or secrets.token_urlsafe(9)
    hosts = frozenset(options.webhook_host)
    return Conditions(Assumptions(options.assume), faults, limits, password, options.open_control, hosts)


def _positive(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError("must be above 0")
    return number
