"""Patients, with what the vendor answers about them. Source: section 4 of the contract."""

from integrations.sandbox.resources.description import (
    ADDRESS,
    ENTERPRISE,
    ENTERPRISE_ID,
    Attribute,
    Parent,
    Resource,
    SubCollection,
    required,
    several,
)

SUBS = ("invoices", "payments", "notifications", "patient_payment_infos")

RESOURCE = Resource(
    name="patients",
    singular="patient",
    first_id=48001,
    actions=("list", "get", "create", "update"),
    attributes=(
        ENTERPRISE_ID,
        required("first_name"),
        Attribute("middle_name"),
        required("last_name"),
        Attribute("date_of_birth", "birthday"),
        Attribute("sex", "sex"),
        Attribute("ssn", "ssn"),
        Attribute("email", "email"),
        *several("phone", "phone", "cell_phone", "home_phone", "secondary_phone", "work_phone"),
        *ADDRESS,
        *several("integer", "practice_id", "account_type_id"),
        *several("text", "language", "marital_status", "health_record_id"),
        Attribute("contact_preference", default="both"),
        Attribute("external_ids", "external_ids"),
        Attribute("billing_status", default="complete"),
        Attribute("primary", "boolean", default=True),
        *several(
            "boolean",
            "precollection",
            "allow_self_directed_payment_plan",
            "removed",
            "sms_opt_out",
            "phone_opt_out",
            default=False,
        ),
    ),
    parents=(ENTERPRISE, Parent("practice_id", "practices"), Parent("account_type_id", "account_types")),
    subs=tuple(map(SubCollection, SUBS)),
    links=(*SUBS, "tickets"),
    constants={
        "user_id": None,
        "balance_cents": 0,
        "cached_balance_cents": 0,
        "soft_delete": 0,
        "needs_card_update": False,
        **dict.fromkeys(
            (
                "last_notified_at",
                "statement_cycle_started_at",
                "collection_warning_letter_date",
                "email_two",
                "notes",
                "race",
                "ethnicity",
                "employment_status",
                "employer_name",
                "occupation",
                "maiden_name",
                "corrected_address_line_1",
                "corrected_address_line_2",
                "corrected_city",
                "corrected_state",
                "corrected_zip",
            )
        ),
    },
)
