"""A log line never quotes a value, whatever raised."""

from __future__ import annotations

import io
import json
import logging
import logging.config

import pytest

from partnerportal.kernel.logs import logging_config

SECRET = "Ada Byron 999-76-6866"


@pytest.fixture
def lines() -> io.StringIO:
    config = logging_config("INFO")
    config["handlers"]["stderr"]["stream"] = kept = io.StringIO()
    config["loggers"] = {}
    before = logging.root.handlers[:]
    logging.config.dictConfig(config)
    yield kept
    logging.root.handlers[:] = before


def test_an_exception_is_named_and_placed_but_not_quoted(lines: io.StringIO) -> None:
    try:
        raise ValueError(SECRET)
    except ValueError:
        logging.getLogger("portal.test").exception("it broke")
    said = json.loads(lines.getvalue())
    assert said["exception"]["type"] == "ValueError"
    assert "test_logs.py" in said["exception"]["at"][0]
    assert SECRET not in lines.getvalue()


def test_celerys_own_failure_line_loses_its_text(lines: io.StringIO) -> None:
    data = {"name": "a.task", "id": "1", "exc": SECRET, "description": "raised"}
    logging.getLogger("celery.app.trace").error("Task %(name)s %(description)s: %(exc)s", data)
    assert json.loads(lines.getvalue())["event"] == "task failed: a.task"
    assert SECRET not in lines.getvalue()
