"""Which database may send: compared with a checkpoint outside of it, in a file or at an address."""

from __future__ import annotations

import http.server
import json
import threading
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from partnerportal.accounts.gateway import Gateway
from partnerportal.audit import checkpoint, checkpoint_store
from partnerportal.audit.checkpoint import Problem, Seen, judge
from partnerportal.audit.context import Context
from partnerportal.audit.journal import Held
from partnerportal.audit.models import Checkpoint, Exchange
from partnerportal.delivery import tasks
from partnerportal.delivery.models import Delivery
from partnerportal.delivery.services import request_push
from tests.cast import Stage, make_enterprise
from tests.owner import as_owner

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
OURS = uuid.uuid4()
SEEN = Seen(OURS, "this", 0, None, NOW, "this", "permit", False, {"audit_exchange_id_seq": 100})
FITS = {
    "deployment": str(OURS),
    "incarnation": "this",
    "restores": 0,
    "sequences": {"audit_exchange_id_seq": 90},
}


@pytest.mark.parametrize(
    ("seen", "document", "expected"),
    [
        (SEEN, FITS, None),
        (replace(SEEN, fresh=True, incarnation=""), None, None),
        (SEEN, None, Problem.MISSING),
        (replace(SEEN, fresh=True), None, Problem.MISSING),
        (replace(SEEN, incarnation=""), None, Problem.MISSING),
        (SEEN, {**FITS, "deployment": str(uuid.uuid4())}, Problem.FOREIGN),
        (replace(SEEN, current="copy"), FITS, Problem.RESTORED),
        (replace(SEEN, incarnation="", fresh=True, current="empty"), FITS, Problem.RESTORED),
        (SEEN, {**FITS, "incarnation": "other", "restores": 1}, Problem.TAKEN_OVER),
        (replace(SEEN, restores=1), {**FITS, "incarnation": "other", "restores": 1}, Problem.TAKEN_OVER),
        (replace(SEEN, restores=2), {**FITS, "incarnation": "other", "restores": 1}, None),
        (SEEN, {**FITS, "sequences": {"audit_exchange_id_seq": 101}}, Problem.BEHIND),
        (SEEN, {**FITS, "sequences": {"gone_seq": 101}}, None),
        (replace(SEEN, resume_at=NOW + timedelta(seconds=1)), FITS, Problem.WAITING),
        (replace(SEEN, resume_at=NOW), FITS, None),
    ],
)
def test_the_verdict(seen: Seen, document: dict[str, Any] | None, expected: Problem | None) -> None:
    assert judge(seen, document) == expected


class Shelf(http.server.BaseHTTPRequestHandler):
    """GET and PUT of one document, with or without ETag; `broken` answers 503."""

    document: bytes | None = None
    tags, broken = True, False
    seen: list[str] = []

    def do_GET(self) -> None:
        Shelf.seen.append(self.headers.get("Authorization", ""))
        if Shelf.broken or Shelf.document is None:
            self._answer(503 if Shelf.broken else 404)
        else:
            self._answer(200, Shelf.document)

    def do_PUT(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        wanted, exists = self.headers.get("If-Match"), Shelf.document is not None
        refused = (wanted and wanted != self._tag()) or (self.headers.get("If-None-Match") and exists)
        if Shelf.broken or refused:
            self._answer(503 if Shelf.broken else 412)
        else:
            Shelf.document = content
            self._answer(204)

    def _tag(self) -> str:
        return f'"{hash(Shelf.document)}"'

    def _answer(self, status: int, content: bytes = b"") -> None:
        self.send_response(status)
        if Shelf.tags and status == 200:
            self.send_header("ETag", self._tag())
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        return


@pytest.fixture
def address() -> Iterator[str]:
    Shelf.document, Shelf.tags, Shelf.broken, Shelf.seen = None, True, False, []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Shelf)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://ola:p%40ss@127.0.0.1:{server.server_port}/checkpoint"
    server.shutdown()
    server.server_close()


@pytest.fixture(params=["file", "address"])
def place(request: pytest.FixtureRequest, settings: LazySettings, tmp_path: Path) -> str:
    url = (
        (tmp_path / "check point.json").as_uri()
        if request.param == "file"
        else request.getfixturevalue("address")
    )
    settings.CHECKPOINT_URL = url
    return str(request.param)


def test_nothing_is_written_over_what_somebody_else_wrote_meanwhile(place: str) -> None:
    nothing = checkpoint_store.read()
    assert nothing.document is None
    assert checkpoint_store.write({"sequences": {"a": 1}}, nothing)
    assert not checkpoint_store.write({"sequences": {"a": 0}}, nothing)
    first = checkpoint_store.read()
    assert checkpoint_store.write({"sequences": {"a": 2}}, first)
    assert not checkpoint_store.write({"sequences": {"a": 1}}, first)
    assert checkpoint_store.read().document == {"sequences": {"a": 2}}
    if place == "address":
        assert set(Shelf.seen) == {"Basic b2xhOnBAc3M="}


def test_what_can_not_be_read_is_not_taken_for_nothing(
    settings: LazySettings, tmp_path: Path, address: str
) -> None:
    for url in ("", (tmp_path / "not-mounted" / "x.json").as_uri(), "https://127.0.0.1:9/x"):
        settings.CHECKPOINT_URL = url
        with pytest.raises(checkpoint_store.Unreadable):
            checkpoint_store.read()
    (tmp_path / "half.json").write_text('{"sequ')
    settings.CHECKPOINT_URL = (tmp_path / "half.json").as_uri()
    with pytest.raises(checkpoint_store.Unreadable):
        checkpoint_store.read()
    settings.CHECKPOINT_URL, Shelf.broken = address, True
    with pytest.raises(checkpoint_store.Unreadable):
        checkpoint_store.read()


@pytest.fixture
def own(stage: Stage, settings: LazySettings, tmp_path: Path) -> Path:
    """A checkpoint of this test alone, and a database that was never compared."""
    path = tmp_path / "checkpoint.json"
    settings.CHECKPOINT_URL = path.as_uri()
    Checkpoint.objects.update(incarnation="", valid_until=None, permit="")
    return path


def _list(stage: Stage) -> Any:
    gateway = Gateway(stage.key, Context())
    gateway.reserve()
    return gateway.call("enterprises.list", query={"per_page": 1})


def test_the_first_request_makes_the_checkpoint_which_only_moves_on(own: Path, stage: Stage) -> None:
    assert _list(stage).status == 200
    first = json.loads(own.read_text())
    own.write_text(json.dumps({**first, "seal": {"kept": True}}))
    _list(stage)
    assert checkpoint.renew() is None
    second = json.loads(own.read_text())
    assert second["sequences"]["audit_exchange_id_seq"] == Exchange.objects.latest("pk").pk
    assert all(second["sequences"][name] >= number for name, number in first["sequences"].items())
    assert second["seal"] == {"kept": True} and second["at"] > first["at"]


def test_a_request_costs_no_comparison_while_the_permit_lasts(own: Path, stage: Stage) -> None:
    _list(stage)
    own.unlink()
    _list(stage)
    assert not own.exists()


def test_an_address_that_is_away_for_a_moment_stops_nothing_and_one_that_stays_away_does(
    own: Path, stage: Stage, settings: LazySettings, address: str
) -> None:
    settings.CHECKPOINT_URL = address
    _list(stage)
    Shelf.broken = True
    assert checkpoint.renew() is Problem.UNREADABLE
    assert checkpoint.standing() is None and _list(stage).status == 200
    Checkpoint.objects.update(valid_until=NOW)
    delivery = request_push(stage.context, make_enterprise())
    sent = len(stage.sandbox.requests())
    with pytest.raises(Held):
        _list(stage)
    tasks.drive("interactive")
    found = checkpoint.standing()
    assert found is not None and found.problem is Problem.UNREADABLE
    assert len(stage.sandbox.requests()) == sent
    Shelf.broken = False
    stage.run()
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.DELIVERED and checkpoint.standing() is None


def test_a_database_set_back_on_its_own_disk_sends_nothing(own: Path, stage: Stage) -> None:
    _list(stage)
    document = json.loads(own.read_text())
    document["sequences"]["records_patient_id_seq"] = 1 << 40
    own.write_text(json.dumps(document))
    Checkpoint.objects.update(permit="of the server before it was set back")
    with pytest.raises(Held):
        _list(stage)
    found = checkpoint.standing()
    assert found is not None and found.problem is Problem.BEHIND


def test_a_database_restored_under_a_running_worker_stops_it_at_the_very_next_request(
    own: Path, stage: Stage
) -> None:
    """What pg_restore does to a running database: the table is another one, with the same rows in it."""
    delivery = request_push(stage.context, make_enterprise())
    _list(stage)
    sent = len(stage.sandbox.requests())
    as_owner("ALTER TABLE audit_exchange RENAME TO audit_exchange_before")
    as_owner("CREATE TABLE audit_exchange (LIKE audit_exchange_before INCLUDING ALL)")
    as_owner("GRANT SELECT, INSERT ON audit_exchange TO PUBLIC")
    try:
        with pytest.raises(Held):
            _list(stage)
        tasks.drive("interactive")
        found = checkpoint.standing()
    finally:
        as_owner("DROP TABLE audit_exchange")
        as_owner("ALTER TABLE audit_exchange_before RENAME TO audit_exchange")
    assert found is not None and found.problem is Problem.RESTORED
    assert len(stage.sandbox.requests()) == sent
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.PENDING


def test_the_journal_itself_writes_no_exchange_without_a_permit(own: Path, stage: Stage) -> None:
    _list(stage)
    before = Exchange.objects.count()
    Checkpoint.objects.update(incarnation="of the database before", permit="of the database before")
    with pytest.raises(Held):
        Gateway(stage.key, Context()).call("enterprises.list", query={"per_page": 1})
    assert Exchange.objects.count() == before
