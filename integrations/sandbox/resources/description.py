"""How a resource is described: attributes, parents, nested children, sub-collections.

One description is all the sandbox needs to route, validate, store, list and answer a resource.
May import the kinds only.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from integrations.sandbox.kinds import EXACT, KINDS

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
    """Children written with their parent: `practices_attributes` of an enterprise."""

    attribute: str
    resource: str
    parent_attribute: str


@dataclass(frozen=True)
class SubCollection:
    """`/enterprises/<id>/patients`: rows of `resource` whose `match` equals the owner's `value`.

    Without a resource it is a noun that the sandbox does not keep yet: its list is empty.
    """

    name: str
    resource: str | None = None
    match: str = "enterprise_id"
    value: str = "enterprise_id"


@dataclass(frozen=True)
class Resource:
    """Everything about one noun. `constants` are answered with every record and can't be set."""

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
        if found is None or found.kind == "external_ids":
            return None
        return found.kind in EXACT


def several(kind: str, *names: str, default: Any = None) -> tuple[Attribute, ...]:
    """Attributes of one kind and one default."""
    return tuple(Attribute(name, kind, default=default) for name in names)


def required(name: str, kind: str = "text", *, fixed: bool = False) -> Attribute:
    return Attribute(name, kind, required=True, fixed=fixed)


ENTERPRISE_ID = Attribute("enterprise_id", "integer", required=True, fixed=True)
ENTERPRISE = Parent("enterprise_id", "enterprises")
ADDRESS = several("text", "address_line_1", "address_line_2", "city", "state") + several("zip", "zip")
