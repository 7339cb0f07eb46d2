"""How a resource is described: attributes, parents, nested children, sub-collections.

One description is all the sandbox needs to route, validate, store, list and answer a resource.
May import the kinds only.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from integrations.sandbox.kinds import EXACT, KINDS, WITHOUT_FILTER

ALL_ACTIONS = ("list", "get", "create", "update", "delete")


@dataclass(frozen=True)
class Attribute:
    """One attribute that a request may set; `fixed` means only while creating."""

    name: str
    kind: str = "text"
    required: bool = False
    fixed: bool = False
    default: Any = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.name}: no kind is called {self.kind}")


@dataclass(frozen=True)
class Parent:
    """An attribute that names a record of another resource, of the same enterprise where it has one."""

    attribute: str
    resource: str


@dataclass(frozen=True)
class Nested:
    """Children written with their parent: `practices_attributes` of an enterprise.

    `switch` names the assumption that says whether the parent's answer holds them; without one it does.
    """

    attribute: str
    resource: str
    parent_attribute: str
    switch: str | None = None


@dataclass(frozen=True)
class SubCollection:
    """`/enterprises/<id>/patients`: rows of `resource` whose `match` equals the owner's `value`.

    `through` is for rows that another resource ties to the owner: (resource, its attribute naming the row);
    `match` is then that resource's. Without a resource it is a noun that the sandbox does not keep: empty.
    """

    name: str
    resource: str | None = None
    match: str = "enterprise_id"
    value: str = "enterprise_id"
    through: tuple[str, str] | None = None


@dataclass(frozen=True)
class Extra:
    """An operation besides the five: `POST /payments/quick_pay`, `GET /attachments/<id>/download`."""

    name: str
    verb: str
    on_one: bool = False


@dataclass(frozen=True)
class Resource:
    """Everything about one noun. `constants` are answered with every record and can't be set.

    `events`: creates and updates send webhooks. `quiet`: an update that changes nothing of its own neither
    moves updated_at nor sends one.
    """

    name: str
    singular: str
    first_id: int
    actions: tuple[str, ...] = ALL_ACTIONS
    attributes: tuple[Attribute, ...] = ()
    parents: tuple[Parent, ...] = ()
    nested: tuple[Nested, ...] = ()
    subs: tuple[SubCollection, ...] = ()
    links: tuple[str, ...] = ()
    constants: Mapping[str, Any] = field(default_factory=dict)
    soft_delete: bool = False
    extras: tuple[Extra, ...] = ()
    events: bool = True
    quiet: bool = False
    writable: Mapping[str, Attribute] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "writable", {one.name: one for one in self.attributes})

    def compares_exactly(self, attribute: str) -> bool | None:
        """Whether a filter on it means equality (True) or contains (False); None when it has no such one."""
        if attribute == "id":
            return True
        if attribute in {"created_at", "updated_at"}:
            return True
        found = self.writable.get(attribute)
        if found is None or found.kind in WITHOUT_FILTER:
            return None
        return found.kind in EXACT


def several(kind: str, *names: str, default: Any = None) -> tuple[Attribute, ...]:
    """Attributes of one kind and one default."""
    return tuple(Attribute(name, kind, default=default) for name in names)


def required(name: str, kind: str = "text", *, fixed: bool = False) -> Attribute:
    return Attribute(name, kind, required=True, fixed=fixed)


def of(resource: str, owner: str) -> SubCollection:
    """The rows of a resource that name the owner: `of("invoices", "patient")`."""
    return SubCollection(resource, resource, f"{owner}_id", "id")


ENTERPRISE_ID = Attribute("enterprise_id", "integer", required=True, fixed=True)
ENTERPRISE = Parent("enterprise_id", "enterprises")
ADDRESS = several("text", "address_line_1", "address_line_2", "city", "state") + several("zip", "zip")
