"""What tests of pulling share: somebody at the vendor's, records in sync, and a pull driven here."""

from __future__ import annotations

import base64
import json
import time
from typing import Any
from urllib.request import Request, urlopen

from partnerportal.audit.context import Context
from partnerportal.jobs.models import Job
from partnerportal.records import apply
from partnerportal.records.models import Enterprise, Mirror
from partnerportal.sync import pulling, services
from partnerportal.sync.models import Pull
from tests.cast import Stage


def edit(stage: Stage, row: Mirror, **values: Any) -> None:
    """Someone at Inbox Health changes the record there."""
    stage.sandbox.admin("PUT", f"records/{row.wire.resource}/{row.remote_id}", values)


def make(stage: Stage, resource: str, **values: Any) -> dict[str, Any]:
    """Someone at Inbox Health makes a record there."""
    made: dict[str, Any] = stage.sandbox.admin("POST", f"records/{resource}", values)
    return made


def delete(stage: Stage, row: Mirror) -> None:
    """Somebody deletes it there, past the portal."""
    call(stage, "DELETE", f"{row.wire.resource}/{row.remote_id}")


def call(stage: Stage, verb: str, path: str, body: Any = None) -> None:
    """Another program of the partner's calls the API on its own."""
    token = base64.b64encode(f"{stage.sandbox.api_key}:".encode()).decode()
    headers = {"Authorization": f"Basic {token}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    with urlopen(Request(f"{stage.sandbox.base_url}/{path}", data, headers=headers, method=verb), timeout=10):
        pass


def tie(stage: Stage, *rows: Mirror) -> None:
    """Make each row's twin there as it is here, and tie them: as after a push, only quicker."""
    for row in rows:
        values = row.wire.create_payload(row)
        if not isinstance(row, Enterprise):
            values["enterprise_id"] = row.enterprise.remote_id  # type: ignore[attr-defined]
        made = make(stage, row.wire.resource, **values)
        record = {name: value for name, value in made.items() if name not in ("account", "hidden")}
        apply.accept(row, row.wire.create_payload(row), record, created=True)


def pull(stage: Stage, *, full: bool = True, seconds: float = 30.0) -> Job:
    """One whole pass, and how it ended."""
    return through(services.request_pull(Context(), full=full), seconds)


def through(started: Pull, seconds: float = 30.0) -> Job:
    end = time.monotonic() + seconds
    job = started.job
    while time.monotonic() < end:
        pulling.drive(5.0)
        job.refresh_from_db()
        if job.state != Job.State.RUNNING:
            return job
        time.sleep(0.05)
    raise AssertionError(f"still reading: {list(started.parts.values('noun', 'stage', 'page', 'reason'))}")
