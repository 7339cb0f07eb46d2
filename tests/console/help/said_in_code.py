"""What the code says of failures, read from its source: so that no test holds a list of its own."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source import ROOT

PORTAL = ROOT / "partnerportal"


def text_of(node: ast.expr) -> str | None:
    """A literal, or an f-string with an X (or an id) for what is put in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else _put_in(part) for part in node.values
        )
    return None


def _put_in(part: ast.expr) -> str:
    return "E-1" if "short_id" in ast.unparse(part) else "X"


def trees(*folders: str) -> Iterator[tuple[Path, ast.Module]]:
    """The modules of folders, or single modules, of the portal."""
    for folder in folders:
        place = PORTAL / folder
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            if "migrations" not in path.parts:
                yield path, ast.parse(path.read_text())


def calls(*folders: str) -> Iterator[tuple[ast.Module, ast.Call, str]]:
    """(module, call, name of what is called)."""
    for _, tree in trees(*folders):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield tree, node, getattr(node.func, "id", getattr(node.func, "attr", ""))


def arguments(name: str, place: int, *folders: str) -> set[str]:
    """The literals that calls of `name` have at a place."""
    found = [
        arg for _, call, called in calls(*folders) if called == name for arg in call.args[place : place + 1]
    ]
    return {said for arg in found if (said := text_of(arg))}


def keywords(name: str, *folders: str) -> set[str]:
    """The literals given to a keyword of that name, in any call."""
    found = [keyword for _, call, _ in calls(*folders) for keyword in call.keywords if keyword.arg == name]
    return {said for keyword in found if (said := text_of(keyword.value))}


def texts_under(tree: ast.Module, node: ast.expr) -> set[str]:
    """What an argument may be: itself, or what its name is given anywhere in its module."""
    said = text_of(node)
    if said is not None:
        return {said}
    if isinstance(node, ast.IfExp):
        return texts_under(tree, node.body) | texts_under(tree, node.orelse)
    if not isinstance(node, ast.Name):
        return set()
    given = [
        assigned.value
        for assigned in ast.walk(tree)
        if isinstance(assigned, ast.Assign)
        and any(isinstance(target, ast.Name) and target.id == node.id for target in assigned.targets)
    ]
    return set().union(*(texts_under(tree, value) for value in given if value is not node), set())


def assigned_reasons(*folders: str) -> set[str]:
    """Every literal that becomes a `reason` or a `cause_key`: assigned, passed, or given to a Verdict."""
    found: set[str] = keywords("reason", *folders) | keywords("cause_key", *folders)
    for _, tree in trees(*folders):
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign):
                found |= set(_assigned(node))
    for _, call, name in calls(*folders):
        if name in ("NotNow", "unsend", "_fail", "Wait"):
            found |= {said for arg in call.args[:3] if (said := text_of(arg))}
    return found


def _assigned(node: ast.Assign) -> Iterator[str]:
    for target in node.targets:
        names = target.elts if isinstance(target, ast.Tuple) else [target]
        values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value] * len(names)
        for name, value in zip(names, values, strict=False):
            if isinstance(name, ast.Attribute) and name.attr in ("reason", "cause_key"):
                parts = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
                yield from (said for part in parts if (said := text_of(part)))
