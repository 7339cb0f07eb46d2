"""Imports run one way: each package imports only from lower lines of the design's table."""

from __future__ import annotations

import ast

from tests.architecture.source import Module, modules

LEVELS = {
    "partnerportal.urls": 6,
    "partnerportal.wsgi": 6,
    "partnerportal.celery": 6,
    "partnerportal.local": 6,
    "partnerportal.console": 5,
    "partnerportal.sync": 4.5,
    "partnerportal.webhooks": 4.5,
    "partnerportal.explorer": 4.5,
    "partnerportal.delivery": 4,
    "partnerportal.records": 3,
    "partnerportal.accounts": 2,
    "partnerportal.audit": 1,
    "partnerportal.jobs": 1,
    "partnerportal.settings": 1,
    "integrations.sandbox": 1,
    "partnerportal.kernel": 0,
    "integrations.inboxhealth": 0,
}
WORKERS_DOOR = ("partnerportal.wsgi", "partnerportal.celery")  # the web's process must know the broker


def package_of(name: str) -> str | None:
    return next((p for p in LEVELS if name == p or name.startswith(f"{p}.")), None)


def _upward(module: Module) -> list[str]:
    mine = package_of(module.name)
    if mine is None:
        return []
    found = {other: package_of(other) for other in module.ours()}
    return sorted(
        f"{module.name} -> {other}"
        for other, package in found.items()
        if package and package != mine and LEVELS[package] >= LEVELS[mine] and (mine, package) != WORKERS_DOOR
    )


def test_no_module_imports_from_its_own_line_or_above() -> None:
    assert [line for module in modules() for line in _upward(module)] == []


def test_every_module_has_a_line_in_the_table() -> None:
    known = ("partnerportal", "integrations")
    assert [m.name for m in modules() if package_of(m.name) is None and m.name not in known] == []


def test_integrations_know_neither_django_nor_the_portal() -> None:
    wrong = [
        f"{module.name} -> {name}"
        for module in modules()
        if module.name.startswith("integrations")
        for name, _ in module.imports()
        if name.split(".")[0] in {"django", "partnerportal", "celery", "unfold"}
    ]
    assert wrong == []


def test_the_sandbox_does_not_share_the_clients_ideas() -> None:
    allowed = ("integrations.inboxhealth.contract", "integrations.inboxhealth.operations")
    wrong = [
        f"{module.name} -> {name}"
        for module in modules()
        if module.name.startswith("integrations.sandbox")
        for name in module.ours()
        if name.startswith("integrations.inboxhealth.") and not name.startswith(allowed)
    ]
    assert wrong == []


def test_nothing_of_ours_is_imported_inside_a_function() -> None:
    wrong = []
    for module in modules():
        functions = [
            n for n in ast.walk(module.tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)
        ]
        inside = {node for function in functions for node in ast.walk(function)}
        wrong += [
            f"{module.name}:{node.lineno} {name}"
            for name, node in module.imports()
            if node in inside and name.split(".")[0] in {"partnerportal", "integrations"}
        ]
    assert wrong == []


def test_packages_have_no_cycle() -> None:
    """Follows from the table, unless two packages stand on one line: those must not meet at all."""
    pairs = {
        (package_of(m.name), package_of(other)) for m in modules() for other in m.ours() if package_of(m.name)
    }
    assert [p for p in pairs if p[0] != p[1] and (p[1], p[0]) in pairs] == []
