"""`except Exception` stands once: at the worker's boundary, where it records."""

from __future__ import annotations

import ast

from tests.architecture.source import modules


def _broad(node: ast.ExceptHandler) -> bool:
    return node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"}


def test_only_the_workers_boundary_catches_everything() -> None:
    found = [
        f"{module.name}:{node.lineno}"
        for module in modules()
        if module.name.startswith("partnerportal")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ExceptHandler) and _broad(node)
    ]
    assert len(found) <= 1, found
