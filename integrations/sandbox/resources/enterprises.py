"""Enterprises: the whole organisation that bills. Source: section 4 of the contract."""

from integrations.sandbox.resources.description import (
    ADDRESS,
    Attribute,
    Nested,
    Resource,
    SubCollection,
    required,
    several,
)
from integrations.sandbox.resources.enterprise_answer import CONSTANTS

KEPT = ("practices", "patients", "doctors", "payment_reasons", "write_off_codes")
EMPTY_SUBS = (
    "billing_cycle_templates",
    "deposit_accounts",
    "card_readers",
    "transfers",
    "enterprise_invoices",
    "enterprise_payments",
    "enterprise_payment_infos",
    "appointment_templates",
    "api_integrations",
)

RESOURCE = Resource(
    name="enterprises",
    singular="enterprise",
    first_id=669,
    actions=("list", "get", "create", "update"),
    attributes=(
        required("name"),
        *ADDRESS,
        Attribute("support_phone_number", "phone"),
        Attribute("sales_tax", "number", default=0.0),
        Attribute("default_quick_pay_description", default="Copay"),
        Attribute("logo_background_color"),
        Attribute("default_checkin_routes", "note"),
        Attribute("statement_descriptor", "descriptor"),
        Attribute("time_zone", "time_zone", default="Eastern Time (US & Canada)"),
        *several(
            "boolean", "color_statements", "first_class", "return_envelope", "perforation", default=True
        ),
        Attribute("default_billing_cycle_template_id", "integer", default=1),
    ),
    nested=(Nested("practices_attributes", "practices", "enterprise_id", "nested_practices_in_answer"),),
    subs=(
        *(SubCollection(name, name) for name in KEPT),
        SubCollection("admin_organizations", "admin_organizations", "account", "account"),
        *map(SubCollection, EMPTY_SUBS),
    ),
    links=(*KEPT, "admin_organizations", *EMPTY_SUBS),
    constants=CONSTANTS,
)
