"""Enterprise on the wire. Source: section 4 of the contract, "enterprise" [D]. Pure."""

from __future__ import annotations

from partnerportal.records.wire import canonical
from partnerportal.records.wire.attributes import Attribute, Wire


def _upper(value: object) -> canonical.Canonical:
    found = canonical.text(value)
    return str(found).upper()[:22] if found else None  # [A]: the API shouts the descriptor and cuts it


ADDRESS = (
    Attribute("address_line_1", "Address"),
    Attribute("address_line_2", "Address, second line"),
    Attribute("city", "City"),
    Attribute("state", "State", canonical.state),
    Attribute("zip", "ZIP", canonical.zip_code),
)

ENTERPRISE = Wire(
    "enterprise",
    "enterprises",
    (
        Attribute("name", "Name", required=True),
        *ADDRESS,
        Attribute("support_phone_number", "Support phone", canonical.phone, out=canonical.phone_as_sent),
        Attribute("time_zone", "Time zone"),
        Attribute("sales_tax", "Sales tax, percent", canonical.number, out=float),
        Attribute("default_quick_pay_description", "Quick pay description"),
        Attribute("statement_descriptor", "Statement descriptor", _upper),
        Attribute("color_statements", "Color statements", canonical.flag),
        Attribute("first_class", "First class mail", canonical.flag),
        Attribute("return_envelope", "Return envelope", canonical.flag),
        Attribute("perforation", "Perforation", canonical.flag),
    ),
)
