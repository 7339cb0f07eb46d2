"""What every page's frame shows: menu, environment, who is signed in, whether sending is stopped."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import HttpRequest

from partnerportal.console import badges, brakes
from partnerportal.console import frame as sidebar
from partnerportal.jobs import notices
from partnerportal.jobs.models import Notice
from partnerportal.kernel import correlation
from partnerportal.kernel.environment import environment_name

SHOWN = 8  # notices under the bell
CHIP_COLOURS = {"sandbox": "grey", "demo": "blue", "production": "red"}


class Frame:
    """Looked up when a template asks, so that a fragment without a sidebar costs no query."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def environment(self) -> str:
        return environment_name()

    @property
    def environment_colour(self) -> str:
        return CHIP_COLOURS[self.environment]

    @cached_property
    def menu(self) -> list[tuple[str, list[sidebar.Link]]]:
        user = self._request.user
        return sidebar.menu_for(user, self._request.path, badges.badges_for(user))

    @cached_property
    def stops(self) -> list[brakes.Stop]:
        return brakes.stops_for(self._request.user)

    @cached_property
    def notices(self) -> list[Notice]:
        """The newest things this person was told and has not seen."""
        mine = notices.of(self._request.user.pk or 0)
        return list(mine.filter(seen_at=None)[:SHOWN])

    @property
    def notices_bad(self) -> bool:
        """Whether one of them asks for something to be done."""
        return any(notice.bad for notice in self.notices)

    @cached_property
    def roles(self) -> str:
        """ "operator, administrator": the roles of whoever is signed in."""
        names = self._request.user.groups.order_by("name").values_list("name", flat=True)
        return ", ".join(names) or "no role yet"

    @property
    def code(self) -> str:
        return correlation.current()


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context processor: `frame` in every template."""
    return {"frame": Frame(request)}
