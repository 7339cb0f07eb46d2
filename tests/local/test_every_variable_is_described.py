""".env.example and settings.py name the same variables."""

from __future__ import annotations

import ast
import re

from partnerportal.local.layout import PROJECT

# Read by the deployment's or the demo's own files, not by settings.py.
FOR_OTHERS = {
    "OWNER_DATABASE_PASSWORD",
    "REDIS_PASSWORD",
    "PORTAL_PORT",
    "SANDBOX_PORT",
    "SANDBOX_PASSWORD",
    "INBOX_HEALTH_API_KEY",
    "SANDBOX_WEBHOOK_HOST",
}


def read_by_settings() -> set[str]:
    tree = ast.parse((PROJECT / "partnerportal" / "settings.py").read_text())
    calls = [
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]
    of_env = [call for call in calls if isinstance(call.func.value, ast.Name) and call.func.value.id == "env"]
    return {
        str(call.args[0].value) for call in of_env if call.args and isinstance(call.args[0], ast.Constant)
    }


def described() -> set[str]:
    text = (PROJECT / ".env.example").read_text()
    return set(re.findall(r"^(?:# )?([A-Z][A-Z0-9_]+)=", text, re.MULTILINE))


def test_both_name_the_same() -> None:
    assert read_by_settings() - described() == set()
    assert described() - read_by_settings() <= FOR_OTHERS


def test_no_secret_has_a_value_in_the_example() -> None:
    lines = (PROJECT / ".env.example").read_text().splitlines()
    secret = [line for line in lines if re.match(r"(\w*(KEY|KEYS|PASSWORD|SECRET))=", line)]
    assert len(secret) >= 5
    assert not [line for line in secret if not line.endswith("=")]
