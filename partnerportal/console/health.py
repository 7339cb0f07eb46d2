"""Is the program up, and can it serve? For load balancers and compose files. Imports settings only."""

from __future__ import annotations

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

SECONDS = 1.0


def healthz(request: HttpRequest) -> JsonResponse:
    """Alive: answers without asking anyone."""
    return JsonResponse({"alive": True})


def readyz(request: HttpRequest) -> JsonResponse:
    """Ready: database and Redis answer. 503 names the one that does not."""
    parts = {"database": _database(), "redis": _redis()}
    return JsonResponse(parts, status=200 if all(parts.values()) else 503)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _redis() -> bool:
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=SECONDS, socket_connect_timeout=SECONDS
        ) as client:
            client.ping()
    except (redis.RedisError, OSError):
        return False
    return True
