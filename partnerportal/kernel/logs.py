"""Log lines: JSON, with the correlation id, and never a value. Owns the formatter; imports correlation.

An exception's text can quote a row (a database error names the values), so only its type and the places
in our code are written. Celery's own failure line carries such a text too, and is replaced.
"""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

import structlog

from partnerportal.kernel import correlation

Event = MutableMapping[str, Any]
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def _correlated(_: Any, __: str, event: Event) -> Event:
    event["correlation_id"] = correlation.current()
    return event


def _without_values(_: Any, __: str, event: Event) -> Event:
    """exc_info becomes the type and where it was raised, without the text."""
    found = event.pop("exc_info", None)
    if isinstance(found, tuple) and found[0] is not None:
        event["exception"] = described(found)
    return event


def described(found: ExcInfo) -> dict[str, Any]:
    """{"type", "at"}: the exception's name, and the last frames as file:line function."""
    frames = traceback.extract_tb(found[2])[-8:]
    at = [f"{f.filename.rsplit('/', 3)[-1]}:{f.lineno} {f.name}" for f in frames]
    return {"type": found[0].__name__, "at": at}


# Addresses that are a secret of their own: whoever knows them may call them.
_TOKEN = re.compile(r"^(/webhooks|/accounts/welcome/\d+)/[^/]+")


def without_token(path: str) -> str:
    """The path with the token of a webhook or an invitation hidden."""
    return _TOKEN.sub(r"\1/…", path)


class HiddenTokens(logging.Filter):
    """Django names the path of each request that it refuses."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(without_token(a) if isinstance(a, str) else a for a in record.args)
        return True


class CeleryFailures(logging.Filter):
    """ "Task … raised …: TEXT" becomes the task's name and the exception's type."""

    def filter(self, record: logging.LogRecord) -> bool:
        data = record.args if isinstance(record.args, dict) else {}
        if "exc" in data:
            record.msg, record.args = f"task failed: {data.get('name')}", ()
        return True


SHARED = [
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    _correlated,
    _without_values,
]


def logging_config(level: str) -> dict[str, Any]:
    """For settings.LOGGING: one handler on stderr for everything."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"celery_failures": {"()": CeleryFailures}, "tokens": {"()": HiddenTokens}},
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(),
                ],
                "foreign_pre_chain": SHARED,
            }
        },
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "json",
                "filters": ["celery_failures", "tokens"],
            }
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Its lines at INFO repeat each page without a query; the web server's access log has them.
            "django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
            "django": {"handlers": ["stderr"], "level": level, "propagate": False},
        },
    }
