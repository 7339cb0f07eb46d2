"""A service that acts for somebody on a set of records narrows the set to that person's scope itself."""

from __future__ import annotations

import ast

from tests.architecture.source import modules

DOMAINS = ("records", "delivery", "sync", "webhooks", "explorer")
SETS = {"rows", "queryset", "deliveries", "events", "patients", "chosen"}
NARROWS = ("visible_to(", "in_scope(", "outside(")
PURE = {
    "partnerportal.records.acting_scope.in_scope",
    "partnerportal.records.acting_scope.outside",
    "partnerportal.delivery.plans.make_plan",  # make_plan_of, which it calls, narrows
    # Rows as Inbox Health answered them, taken in by the schedule.
    "partnerportal.sync.applying.apply_page",
    "partnerportal.sync.applying.below_invoice",
}


def _acts_on_a_set(function: ast.FunctionDef) -> bool:
    parameters = [*function.args.args, *function.args.kwonlyargs]
    kinds = {p.arg: ast.unparse(p.annotation) if p.annotation else "" for p in parameters}
    who = any(kind.partition(" ")[0] in ("Context", "Staff") for kind in kinds.values())
    return who and any("QuerySet" in kind or name in SETS for name, kind in kinds.items())


def test_each_service_that_takes_a_set_narrows_it() -> None:
    found = {
        f"{module.name}.{node.name}": any(way in ast.unparse(node) for way in NARROWS)
        for module in modules()
        if module.name.startswith(tuple(f"partnerportal.{domain}." for domain in DOMAINS))
        for node in module.tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and _acts_on_a_set(node)
    }
    assert {"partnerportal.delivery.plans.make_plan_of", "partnerportal.webhooks.services.replay"} <= set(
        found
    )
    assert sorted(name for name, narrows in found.items() if not narrows and name not in PURE) == []
