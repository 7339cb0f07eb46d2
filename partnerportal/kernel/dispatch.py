"""The doorbell: tells a worker to look, on commit, and never costs the caller more than half a second.

A message lost here loses nothing (law 1): the sweep finds every due row. Imports Celery and settings.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from celery import current_app
from django.conf import settings
from django.db import transaction
from kombu import Connection
from kombu.exceptions import KombuError
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from partnerportal.kernel.crash import crash_point

log = logging.getLogger("portal.dispatch")
_local = threading.local()
BROKER_SECONDS = 0.5


def _connection() -> Connection:
    if getattr(_local, "connection", None) is None:
        _local.connection = Connection(
            settings.CELERY_BROKER_URL,
            transport_options={
                "socket_timeout": BROKER_SECONDS,
                "socket_connect_timeout": BROKER_SECONDS,
                "retry": Retry(NoBackoff(), 0),
                "max_retries": 0,
            },
        )
    connection: Connection = _local.connection
    return connection


def _send(task: str, args: tuple[object, ...], queue: str) -> None:
    crash_point("ringing")
    try:
        current_app.send_task(
            task, args=args, queue=queue, connection=_connection(), retry=False, ignore_result=True
        )
    except (KombuError, RedisError, OSError) as error:
        _local.connection = None
        log.warning("doorbell not rung: %s (%s)", task, type(error).__name__)


def ring(task: str, *args: object, queue: str = "bulk") -> None:
    """After commit, ask a worker of `queue` to run `task`; a broker that is down or silent is no error."""
    after_commit(lambda: _send(task, args, queue))


def ring_now(task: str, *args: object, queue: str) -> None:
    """The same at once, for a thread that has no transaction; it touches no database."""
    _send(task, args, queue)


def after_commit(call: Callable[[], None]) -> None:
    """Run on commit; an exception in it is logged and does not reach the caller."""
    transaction.on_commit(call, robust=True)
