"""Roles are groups; roles add up, and administrator does not include operator. Owns who may do what.

Granted by a migration (delivery 0002): a role is part of the release, not of somebody's afternoon.
"""

from __future__ import annotations

from typing import Any

OPERATOR, AUDITOR, ADMINISTRATOR = "operator", "auditor", "administrator"
ROLES = (OPERATOR, AUDITOR, ADMINISTRATOR)

_RECORDS = ("enterprise", "practice", "doctor", "patient")
_MONEY = (
    "invoice", "lineitem", "payment", "invoicepayment", "paymentadjustment", "writeoff",
    "paymentreason", "writeoffcode", "accounttype",
)  # fmt: skip
_READ = [("records", f"view_{noun}") for noun in (*_RECORDS, *_MONEY)] + [
    ("delivery", "view_delivery"),
    ("jobs", "view_job"),
    ("records", "view_endpoint"),
    ("webhooks", "view_event"),
]
_AUDIT = [("audit", f"view_{noun}") for noun in ("exchange", "answer", "entry")]

GRANTS: dict[str, list[tuple[str, str]]] = {
    OPERATOR: [
        *_READ,
        *[("records", f"{verb}_{noun}") for noun in (*_RECORDS, *_MONEY) for verb in ("add", "change")],
        *[("records", f"delete_{noun}") for noun in (*_RECORDS, *_MONEY)],
        ("audit", "view_exchange"),  # reached through a record
        ("delivery", "push"),
        ("delivery", "decide"),
        ("webhooks", "replay_event"),
        ("accounts", "view_api_key"),
        ("accounts", "change_api_key"),
        ("accounts", "reveal_phi"),
        ("accounts", "stop_sending"),
        ("accounts", "confirm_in_production"),
    ],
    AUDITOR: [*_READ, *_AUDIT],
    ADMINISTRATOR: [
        *_READ,
        *_AUDIT,
        ("accounts", "view_staff"),
        ("accounts", "manage_staff"),
        ("accounts", "view_apikey"),
        ("accounts", "view_api_key"),
        ("accounts", "change_api_key"),
        ("accounts", "name_service_key"),
        ("records", "add_endpoint"),
        ("records", "change_endpoint"),
        ("records", "delete_endpoint"),
        ("webhooks", "replay_event"),
        ("accounts", "stop_sending"),
    ],
}


def grant_roles(apps: Any, schema_editor: Any = None) -> None:
    """Make each role hold exactly its permissions; for migrations, with the historical `apps`.

    Permissions are otherwise made only after all migrations, so they are made here where missing.
    """
    group_model = apps.get_model("auth", "Group")
    for role in ROLES:
        group, _ = group_model.objects.get_or_create(name=role)
        group.permissions.set([_permission(apps, app, codename) for app, codename in GRANTS[role]])


def _permission(apps: Any, app: str, codename: str) -> Any:
    types, permissions = apps.get_model("contenttypes", "ContentType"), apps.get_model("auth", "Permission")
    model, name = _owner(app, codename)
    content_type, _ = types.objects.get_or_create(app_label=app, model=model)
    permission, _ = permissions.objects.get_or_create(
        content_type=content_type, codename=codename, defaults={"name": name}
    )
    return permission


def _owner(app: str, codename: str) -> tuple[str, str]:
    """The model a permission hangs on: its own for verb_model, the app's for a named one."""
    verb, _, model = codename.partition("_")
    if verb in {"view", "add", "change", "delete"} and codename not in {"view_api_key", "change_api_key"}:
        return model, f"Can {verb} {model}"
    name = codename.replace("_", " ").capitalize()
    return {"accounts": "staff", "delivery": "delivery", "webhooks": "event"}[app], name
