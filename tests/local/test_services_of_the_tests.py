"""The services that the tests themselves run on."""

from __future__ import annotations

import socket

import pytest
import redis
from django.conf import settings
from django.db import connection

from tests.outside import BeyondLoopbackError


@pytest.mark.django_db
def test_postgres_answers_and_knows_trigrams_with_accents() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        cursor.execute("SELECT current_setting('lc_ctype', true), show_trgm('é')")
        assert len(cursor.fetchone()[1]) == 2


def test_valkey_keeps_a_value() -> None:
    client = redis.Redis.from_url(settings.REDIS_URL)
    client.set("portal-test", "kept", ex=5)
    assert client.get("portal-test") == b"kept"


def test_a_connection_beyond_the_loopback_raises() -> None:
    with pytest.raises(BeyondLoopbackError), socket.socket() as outside:
        outside.connect(("192.0.2.1", 80))


def test_a_look_up_of_a_foreign_name_raises() -> None:
    with pytest.raises(BeyondLoopbackError):
        socket.getaddrinfo("example.org", 80)
