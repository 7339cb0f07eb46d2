"""Every password is checked by one way in, where tries are counted: nobody else compares with a hash."""

from __future__ import annotations

import ast

from tests.architecture.source import modules

CHECKS = {"authenticate", "aauthenticate", "check_password", "acheck_password", "verify_password"}
ALLOWED = {
    ("partnerportal.accounts.adapter", "super().authenticate"),
    ("partnerportal.accounts.passwords", "get_adapter(request).authenticate"),
    # A command: whoever runs it sets the password.
    ("partnerportal.accounts.management.commands.create_demo_staff", "staff.check_password"),
}


def test_only_the_adapter_and_the_second_asking_check_a_password() -> None:
    found = {
        (module.name, ast.unparse(node.func))
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and module.name.startswith("partnerportal")
        and ast.unparse(node.func).rpartition(".")[2] in CHECKS
    }
    assert found == ALLOWED
