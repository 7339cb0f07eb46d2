"""Notifications: what was sent to a patient; listed below patients and invoices. Source: contract, 4."""

from integrations.sandbox.resources.description import Attribute, Parent, Resource, required

RESOURCE = Resource(
    name="notifications",
    singular="notification",
    first_id=10_000_001,
    actions=(),
    attributes=(
        required("patient_id", "integer"),
        Attribute("invoice_id", "integer"),
        Attribute("notification_type", default="email"),
        Attribute("email"),
        Attribute("status", default="sent"),
    ),
    parents=(Parent("patient_id", "patients"), Parent("invoice_id", "invoices")),
)
