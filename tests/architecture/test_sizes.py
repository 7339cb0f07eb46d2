"""Nothing grows into a god file: files stop at 300 lines, functions at 40, classes at 150."""

from __future__ import annotations

import ast

from tests.architecture.source import Module, modules

FILE, FUNCTION, CLASS = 300, 40, 150
VAGUE = {"utils", "helpers", "common", "base", "misc"}


def _lines(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _too_long(module: Module, kind: type | tuple[type, ...], most: int) -> list[str]:
    return [
        f"{module.name}.{node.name}: {_lines(node)} lines"  # type: ignore[attr-defined]
        for node in ast.walk(module.tree)
        if isinstance(node, kind) and _lines(node) > most  # type: ignore[arg-type]
    ]


def test_files_stop_at_300_lines() -> None:
    long = [f"{m.name}: {len(m.text.splitlines())}" for m in modules() if len(m.text.splitlines()) > FILE]
    assert long == []


def test_functions_stop_at_40_lines() -> None:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    assert [line for m in modules() for line in _too_long(m, kinds, FUNCTION)] == []


def test_classes_stop_at_150_lines() -> None:
    assert [line for m in modules() for line in _too_long(m, ast.ClassDef, CLASS)] == []


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert [m.name for m in modules() if m.path.stem in VAGUE] == []


def test_each_module_says_what_it_owns() -> None:
    silent = [m.name for m in modules() if m.text.strip() and ast.get_docstring(m.tree) is None]
    assert silent == []
