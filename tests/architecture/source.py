"""The project's own Python files, and what each imports. For the tests of its build."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("partnerportal", "integrations")


@dataclass(frozen=True)
class Module:
    """One file. `name` is its dotted name."""

    path: Path

    @property
    def name(self) -> str:
        parts = self.path.relative_to(ROOT).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @cached_property
    def text(self) -> str:
        return self.path.read_text()

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    def imports(self) -> Iterator[tuple[str, ast.stmt]]:
        """Dotted names imported anywhere in the file; `from a import b` gives a and a.b."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((alias.name, node) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module, node
                yield from ((f"{node.module}.{alias.name}", node) for alias in node.names)

    def ours(self) -> set[str]:
        """The project's own modules it imports."""
        return {name for name, _ in self.imports() if name.split(".")[0] in PACKAGES}


def modules() -> list[Module]:
    files = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return [Module(path) for path in files if "migrations" not in path.parts]
