"""Endpoints: where events are sent to. Source: contract, section 6; all but the create is assumed."""

from integrations.sandbox.resources.description import Resource, required

RESOURCE = Resource(
    name="endpoints",
    singular="endpoint",
    first_id=141_001,
    attributes=(required("url", "web_address"), required("registered_webhooks", "event_types")),
    events=False,
)
