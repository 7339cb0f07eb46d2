"""Which operation a verb and a path mean; derived from the resources' descriptions alone."""

from dataclasses import dataclass

from integrations.sandbox.resources import RESOURCES
from integrations.sandbox.resources.description import Resource, SubCollection

ROOT = "/partner/v2"
VERBS = {"list": "GET", "get": "GET", "create": "POST", "update": "PUT", "delete": "DELETE"}
ON_ONE = {"GET": "get", "PUT": "update", "PATCH": "update", "DELETE": "delete"}
ON_ALL = {"GET": "list", "POST": "create"}


@dataclass(frozen=True)
class Route:
    """An operation with its path's id: `patients.create`, `enterprises.patients` of 669."""

    operation: str
    resource: Resource
    action: str
    record_id: int = 0
    sub: SubCollection | None = None


def match(method: str, path: str) -> Route | None:
    """The route of a path, with or without a trailing slash; None when there is no such operation."""
    parts = path.removeprefix(ROOT).strip("/").split("/") if path.startswith(f"{ROOT}/") else []
    resource = RESOURCES.get(parts[0]) if parts else None
    if resource is None or len(parts) > 3:
        return None
    if len(parts) == 1:
        return _route(resource, ON_ALL.get(method), 0)
    if len(parts) == 2 and (extra := _extra(resource, method, parts[1], on_one=False)):
        return Route(f"{resource.name}.{extra}", resource, extra)
    if not (parts[1].isascii() and parts[1].isdigit()) or len(parts[1]) > 18:
        return None
    if len(parts) == 2:
        return _route(resource, ON_ONE.get(method), int(parts[1]))
    return _sub_route(resource, method, int(parts[1]), parts[2])


def _route(resource: Resource, action: str | None, record_id: int) -> Route | None:
    if action not in resource.actions:
        return None
    return Route(f"{resource.name}.{action}", resource, action, record_id)


def _sub_route(resource: Resource, method: str, record_id: int, name: str) -> Route | None:
    if extra := _extra(resource, method, name, on_one=True):
        return Route(f"{resource.name}.{extra}", resource, extra, record_id)
    sub = next((one for one in resource.subs if one.name == name), None)
    if sub is None or method != "GET":
        return None
    return Route(f"{resource.name}.{name}", resource, "list", record_id, sub)


def _extra(resource: Resource, method: str, name: str, *, on_one: bool) -> str | None:
    asked = (name, method, on_one)
    return name if asked in {(one.name, one.verb, one.on_one) for one in resource.extras} else None


def table() -> list[tuple[str, str, str]]:
    """Every operation as (name, verb, path), for the reference page and for comparisons."""
    rows = []
    for resource in RESOURCES.values():
        for action in resource.actions:
            path = f"/{resource.name}" if action in {"list", "create"} else f"/{resource.name}/{{id}}"
            rows.append((f"{resource.name}.{action}", VERBS[action], path))
        for extra in resource.extras:
            place = "{id}/" if extra.on_one else ""
            rows.append(
                (f"{resource.name}.{extra.name}", extra.verb, f"/{resource.name}/{place}{extra.name}")
            )
        for sub in resource.subs:
            rows.append((f"{resource.name}.{sub.name}", "GET", f"/{resource.name}/{{id}}/{sub.name}"))
    return rows
