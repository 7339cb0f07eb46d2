"""Patient on the wire. Source: section 4 of the contract, "patient" [D]. Pure.

A new patient goes out with billing_status "complete", so that nothing starts a statement unasked.
"""

from __future__ import annotations

from partnerportal.records.wire import canonical
from partnerportal.records.wire.attributes import Attribute, Wire
from partnerportal.records.wire.enterprise import ADDRESS


def _ssn(value: object) -> canonical.Canonical:
    found = canonical.digits(value)
    return f"{str(found)[:3]}-{str(found)[3:5]}-{str(found)[5:]}" if found and len(str(found)) == 9 else found


PATIENT = Wire(
    "patient",
    "patients",
    (
        Attribute("first_name", "First name", required=True),
        Attribute("middle_name", "Middle name"),
        Attribute("last_name", "Last name", required=True),
        Attribute("date_of_birth", "Date of birth", canonical.day),
        Attribute("sex", "Sex", canonical.sex),
        Attribute("health_record_id", "Chart no."),
        Attribute("ssn", "SSN", _ssn, secret=True),
        Attribute("email", "E-mail", canonical.email),
        Attribute("cell_phone", "Cell phone", canonical.phone, out=canonical.phone_as_sent),
        Attribute("home_phone", "Home phone", canonical.phone, out=canonical.phone_as_sent),
        Attribute("work_phone", "Work phone", canonical.phone, out=canonical.phone_as_sent),
        *ADDRESS,
        Attribute("practice_id", "Practice", canonical.integer, field="practice_remote_id"),
        Attribute(
            "account_type_id", "Account type", canonical.integer, field="account_type_remote_id"
        ),  # [A]
        Attribute("language", "Language"),
        Attribute("marital_status", "Marital status"),
        Attribute("contact_preference", "Contact preference"),
        Attribute("billing_status", "Billing status"),
        Attribute("sms_opt_out", "No text messages", canonical.flag),
        Attribute("phone_opt_out", "No phone calls", canonical.flag),
        Attribute("removed", "Removed", canonical.flag),
    ),
)
