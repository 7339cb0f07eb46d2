"""Gives each request its correlation id. Imports correlation only."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from partnerportal.kernel import correlation


class CorrelationMiddleware:
    """Sets the id before anything else runs, and says it in the X-Correlation-Id header."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with correlation.correlated() as value:
            response = self.get_response(request)
            response["X-Correlation-Id"] = value
            return response
