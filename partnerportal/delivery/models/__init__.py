"""The outbox's models."""

from partnerportal.delivery.models.aside import Aside
from partnerportal.delivery.models.brake import Brake, Heartbeat
from partnerportal.delivery.models.delivery import Attempt, Delivery, DeliveryQuerySet, Lookup
from partnerportal.delivery.models.plan import Plan, PlanItem

__all__ = [
    "Aside",
    "Attempt",
    "Brake",
    "Delivery",
    "DeliveryQuerySet",
    "Heartbeat",
    "Lookup",
    "Plan",
    "PlanItem",
]
