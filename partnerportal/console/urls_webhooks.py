"""The addresses of the webhook pages. Each has its rule in access.py."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from partnerportal.console import endpoint_pages, endpoints, event_page, events

urlpatterns: list[URLPattern | URLResolver] = [
    path("endpoints/", endpoints.endpoint_list, name="endpoints"),
    path("endpoints/add/", endpoints.register, name="endpoint_add"),
    path("endpoints/<int:pk>/", endpoint_pages.endpoint_page, name="endpoint"),
    path("endpoints/<int:pk>/change/", endpoint_pages.change, name="endpoint_change"),
    path("endpoints/<int:pk>/pause/", endpoint_pages.pause, name="endpoint_pause"),
    path("endpoints/<int:pk>/resume/", endpoint_pages.resume, name="endpoint_resume"),
    path("endpoints/<int:pk>/check/", endpoint_pages.check, name="endpoint_check"),
    path("endpoints/<int:pk>/unregister/", endpoint_pages.unregister, name="endpoint_unregister"),
    path("events/", events.event_list, name="events"),
    path("events/replay/", events.replay, name="events_replay"),
    path("events/<int:pk>/", event_page.event_page, name="event"),
    path("events/<int:pk>/replay/", event_page.replay, name="event_replay"),
]
