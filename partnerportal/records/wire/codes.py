"""Payment reasons, write-off codes and account types on the wire. Source: section 4 [D][A]. Pure."""

from __future__ import annotations

from partnerportal.records.wire import canonical
from partnerportal.records.wire.attributes import Attribute, Wire


def _code(noun: str, resource: str) -> Wire:
    return Wire(
        noun,
        resource,
        (
            Attribute(
                "enterprise_id",
                "Enterprise",
                canonical.integer,
                field="enterprise_remote_id",
                required=True,
                create_only=True,
            ),
            Attribute("code", "Code", required=True, create_only=noun == "write_off_code"),
            Attribute("description", "Description", create_only=noun == "write_off_code"),
        ),
    )


PAYMENT_REASON = _code("payment_reason", "payment_reasons")
WRITE_OFF_CODE = _code("write_off_code", "write_off_codes")
ACCOUNT_TYPE = Wire(
    "account_type",
    "account_types",
    (
        Attribute(
            "enterprise_id",
            "Enterprise",
            canonical.integer,
            field="enterprise_remote_id",
            required=True,
            create_only=True,
        ),
        Attribute("name", "Name", required=True),
    ),
)
