"""One client, one gateway: only accounts/gateway.py builds the client; nobody else talks HTTP to anyone."""

from __future__ import annotations

import ast

from tests.architecture.source import modules

GATEWAY = "partnerportal.accounts.gateway"
CLIENT = "integrations.inboxhealth.client"
HTTP = {"requests", "httpx", "aiohttp", "urllib3"}


def test_only_the_gateway_imports_the_client() -> None:
    """The journal knows the client's values (what is about to be sent, what came back), not the client."""
    users = {m.name for m in modules() if any(_gives_the_client(name, node) for name, node in m.imports())}
    assert {u for u in users if not u.startswith("integrations.inboxhealth")} == {GATEWAY}


def _gives_the_client(name: str, node: ast.stmt) -> bool:
    """The class itself, or the whole module through which it could be had."""
    if isinstance(node, ast.Import):
        return name == CLIENT
    return name in {f"{CLIENT}.Client", f"{CLIENT}.*"} or (name == CLIENT and node.module != CLIENT)  # type: ignore[attr-defined]


def test_only_the_clients_own_package_speaks_http() -> None:
    users = {m.name for m in modules() for name, _ in m.imports() if name.split(".")[0] in HTTP}
    outside = {u for u in users if not u.startswith(("integrations.inboxhealth", "integrations.sandbox"))}
    assert outside == set()


def test_only_the_journal_writes_exchanges_and_answers() -> None:
    """`Exchange.objects.create` and the like stand in audit/journal.py alone."""
    writers = {"create", "bulk_create", "get_or_create", "update_or_create"}
    found = {
        module.name
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute)
        and node.attr in writers
        and ast.unparse(node.value) in {"Exchange.objects", "Answer.objects"}
    }
    assert found <= {"partnerportal.audit.journal"}
