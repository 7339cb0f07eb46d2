"""No request inside a transaction: a row that could still be rolled back would be no proof of a send."""

from __future__ import annotations

import pytest
from django.db import transaction

from partnerportal.accounts.gateway import Gateway
from partnerportal.audit.journal import OpenTransaction
from partnerportal.audit.models import Exchange
from tests.cast import Stage


def test_the_journal_refuses_and_nothing_is_sent(stage: Stage) -> None:
    gateway = Gateway(stage.key, stage.context)
    with transaction.atomic(), pytest.raises(OpenTransaction):
        gateway.call("enterprises.list", query={"page": 1})
    assert stage.sandbox.requests() == []
    assert not Exchange.objects.exists()


def test_the_exchange_is_committed_before_the_socket_is_written(stage: Stage) -> None:
    """Seen from another connection, in the moment in which the request is on its way."""
    seen: list[int] = []
    gateway = Gateway(stage.key, stage.context)
    send = gateway.client._transport.send

    class Watching:
        def send(self, request: object, ends_at: float) -> object:
            from_outside = Exchange.objects.using("default").filter(operation="enterprises.list")
            seen.append(from_outside.count())
            return send(request, ends_at)  # type: ignore[arg-type]

    gateway.client._transport = Watching()  # type: ignore[assignment]
    gateway.call("enterprises.list", query={"page": 1})
    assert seen == [1]
