"""How each noun's fields are grouped, as a person thinks, for the form and for the page alike. Pure data."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Section:
    """A group of fields. `widths`: "half", "third" or "wide"; a field without one takes the whole line."""

    title: str
    fields: tuple[str, ...]
    hint: str = ""
    widths: dict[str, str] = field(default_factory=dict)


ADDRESS = Section(
    "Address",
    ("address_line_1", "address_line_2", "city", "state", "zip"),
    widths={"city": "third", "state": "third", "zip": "third"},
)
SECTIONS: dict[str, tuple[Section, ...]] = {
    "enterprise": (
        Section(
            "Enterprise",
            ("name", "source_id", "support_phone_number"),
            widths={"source_id": "half", "support_phone_number": "half"},
        ),
        ADDRESS,
        Section(
            "Statements and payments",
            (
                "time_zone",
                "sales_tax",
                "statement_descriptor",
                "default_quick_pay_description",
                "color_statements",
                "first_class",
                "return_envelope",
                "perforation",
            ),
            widths={
                "time_zone": "half",
                "sales_tax": "half",
                "statement_descriptor": "half",
                "default_quick_pay_description": "half",
                "color_statements": "half",
                "first_class": "half",
                "return_envelope": "half",
                "perforation": "half",
            },
        ),
        Section("Social security numbers", ("allow_ssn",)),
    ),
    "practice": (Section("Practice", ("name", "time_zone"), widths={"time_zone": "half"}), ADDRESS),
    "doctor": (
        Section(
            "Name",
            ("first_name", "middle_name", "last_name", "suffix", "certification"),
            widths={
                "first_name": "third",
                "middle_name": "third",
                "last_name": "third",
                "suffix": "third",
                "certification": "wide",
            },
        ),
        Section(
            "Profession",
            ("specialty", "npi", "provider_code", "source_id"),
            widths={"npi": "half", "provider_code": "half", "source_id": "half"},
        ),
        Section("Contact", ("phone", "email"), widths={"phone": "half", "email": "half"}),
    ),
    "patient": (
        Section(
            "Identity",
            ("first_name", "middle_name", "last_name", "date_of_birth", "sex", "health_record_id", "ssn"),
            widths={
                "first_name": "third",
                "middle_name": "third",
                "last_name": "third",
                "date_of_birth": "half",
                "sex": "half",
                "health_record_id": "half",
                "ssn": "half",
            },
        ),
        Section(
            "Contact",
            (
                "cell_phone",
                "home_phone",
                "work_phone",
                "email",
                "sms_opt_out",
                "phone_opt_out",
                "language",
                "contact_preference",
            ),
            widths={
                "cell_phone": "third",
                "home_phone": "third",
                "work_phone": "third",
                "sms_opt_out": "half",
                "phone_opt_out": "half",
                "language": "half",
                "contact_preference": "half",
            },
        ),
        ADDRESS,
        Section(
            "Care and billing",
            ("practice", "account_type", "marital_status", "billing_status"),
            widths={
                "practice": "half",
                "account_type": "half",
                "marital_status": "half",
                "billing_status": "half",
            },
        ),
    ),
}


def fields_of(noun: str) -> tuple[str, ...]:
    return tuple(name for section in SECTIONS[noun] for name in section.fields)
